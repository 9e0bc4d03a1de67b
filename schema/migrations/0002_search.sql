-- SPDX-License-Identifier: MIT
-- Holds the place of the step before 0003.

SELECT 1;
