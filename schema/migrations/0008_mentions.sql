-- SPDX-License-Identifier: MIT
-- What a mention has stands in its row, as it does with quotes, and mention_agent only leads from an agent to it: it is
-- written in its order, and there is one tree where there were two.
--
-- A mention names its review by its number alone. SQLite would ask for rows that refer to one when it goes, for which
-- the mentions had an index of their own; `reviewd check` asks now.

ALTER TABLE mention RENAME TO mention_before;
ALTER TABLE mention_agent RENAME TO mention_agent_before;

CREATE TABLE mention (
  mention_id INTEGER PRIMARY KEY,  -- review_id * 1048576 + position in the bundle
  work_id INTEGER REFERENCES work, -- the work it names; NULL when it names agents
  span TEXT NOT NULL,              -- where it stands; one of those that a quote has several of
  agents TEXT NOT NULL,            -- agent_id of each that it names, in the order of the bundle, one space between two
  CHECK ((work_id IS NULL) = (agents <> ''))
) STRICT;

INSERT INTO mention (mention_id, work_id, span, agents)
SELECT mention_id, work_id, start_codepoint || ' ' || end_codepoint || ' ' || start_byte || ' ' || end_byte, ifnull((
  SELECT group_concat(agent_id, ' ') FROM (
    SELECT agent_id FROM mention_agent_before a WHERE a.mention_id = m.mention_id ORDER BY a.position)), '')
FROM mention_before m;

CREATE TABLE mention_agent (
  agent_id INTEGER NOT NULL REFERENCES agent, -- who is named
  mention_id INTEGER NOT NULL,                -- the mention, in whose row the agent stands as well
  PRIMARY KEY (agent_id, mention_id)
) STRICT, WITHOUT ROWID;

INSERT INTO mention_agent (agent_id, mention_id)
SELECT agent_id, mention_id FROM mention_agent_before ORDER BY agent_id, mention_id;

DROP TABLE mention_agent_before;
DROP TABLE mention_before;

CREATE INDEX mention_work ON mention (work_id, mention_id) WHERE work_id IS NOT NULL;
