-- SPDX-License-Identifier: MIT
-- The table of rows made in memory (db/rows.c); it is in no file.

-- Who puts them into a table says OR FAIL: what a statement has put in before it fails is taken back with all of the write,
-- so that SQLite need not keep the pages as they were for each statement. FTS5 too would write what it has gathered before
-- a statement that may be taken back. ON CONFLICT DO UPDATE makes it one, whatever else it says.

-- fragment: row_table
CREATE TABLE row (n0, n1, n2, n3, n4, n5, n6, n7, n8, t0, t1, source HIDDEN)
