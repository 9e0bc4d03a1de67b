-- SPDX-License-Identifier: MIT
-- What lists of the quotes of an agent need of each quote and of the agent.

ALTER TABLE quote ADD COLUMN speaker_id INTEGER; -- who speaks it, where quote_agent says no more; otherwise NULL

UPDATE quote SET speaker_id = (SELECT max(agent_id) FROM quote_agent a WHERE a.quote_id = quote.quote_id
  HAVING count(*) = 1 AND max(role) = 0);

-- How many quotes an agent has in each role, so that they need not be counted.
CREATE TABLE agent_role (
  agent_id INTEGER NOT NULL, -- of the agent
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2), -- as in quote_agent
  quotes INTEGER NOT NULL CHECK (quotes >= 0), -- number of rows in quote_agent; none may be a row with 0, or no row
  PRIMARY KEY (agent_id, role)
) STRICT, WITHOUT ROWID;

INSERT INTO agent_role (agent_id, role, quotes)
SELECT agent_id, role, count(*) FROM quote_agent GROUP BY agent_id, role;
