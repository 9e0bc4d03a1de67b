-- SPDX-License-Identifier: MIT
-- What stands between the conditions that db/assembly.c puts together.

-- fragment: assembly_where
WHERE

-- fragment: assembly_open
(

-- fragment: assembly_and
AND

-- fragment: assembly_close
)
