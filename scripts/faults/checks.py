"""What must hold after any fault, whatever was under way: statements that count what must not be."""

from __future__ import annotations

FORGOTTEN = {
    "an open case that nothing looks at": """SELECT count(*) FROM "case" c WHERE status IN ('open', 'offered')
        AND climb_at IS NULL AND escalation < 4""",
    "offered without an offer, or the other way round": """SELECT count(*) FROM "case" c WHERE (status = 'offered') <> (
        SELECT count(*) = 1 FROM offer o WHERE o.community_id = c.community_id AND o.case_id = c.case_id AND o.status = 'live')""",
    "a live offer that nothing ends": """SELECT count(*) FROM offer o WHERE status = 'live' AND NOT EXISTS (
        SELECT FROM procrastinate_jobs j WHERE j.task_name = 'expire_offer' AND j.status IN ('todo', 'doing')
        AND j.args ->> 'offer_id' = o.offer_id::text)""",
    "in hand, but nothing is awaited": """SELECT count(*) FROM "case" WHERE status IN ('accepted', 'on_site')
        AND climb_at IS NULL AND paused_at IS NULL AND escalation < 4""",
    "awaited, but by no job": """SELECT count(*) FROM "case" c WHERE status <> 'offered' AND climb_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing')
        AND j.task_name IN ('climb', 'offer_case', 'match_waiting'))""",
    "paused, but nothing ends it": """SELECT count(*) FROM "case" c WHERE paused_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM procrastinate_jobs j WHERE j.task_name = 'end_pause' AND j.status IN ('todo', 'doing'))""",
    "paused without a pause": """SELECT count(*) FROM "case" c WHERE (paused_at IS NOT NULL) <> EXISTS (
        SELECT FROM pause p WHERE p.community_id = c.community_id AND p.case_id = c.case_id AND p.status = 'running')""",
    "a load that is nobody's work": """SELECT count(*) FROM responder r WHERE live_load <> (
        SELECT count(*) FROM offer o WHERE o.community_id = r.community_id AND o.responder_id = r.person_id AND o.status = 'live') + (
        SELECT count(*) FROM "case" c WHERE c.community_id = r.community_id AND c.assignee_id = r.person_id AND c.status IN ('accepted', 'on_site'))""",
    "a level that was climbed twice": """SELECT count(*) FROM (SELECT FROM event WHERE verb = 'escalate'
        GROUP BY case_id, data ->> 'level' HAVING count(*) > 1) twice""",
    "a status that no event led to": """SELECT count(*) FROM "case" c WHERE status <> (
        SELECT to_status FROM event e WHERE e.community_id = c.community_id AND e.case_id = c.case_id ORDER BY event_id DESC LIMIT 1)""",
    "a step of the ladder that nobody was told of": """SELECT count(*) FROM event e WHERE verb = 'escalate'
        AND NOT EXISTS (SELECT FROM notice n WHERE n.community_id = e.community_id AND n.case_id = e.case_id AND n.data ->> 'level' = e.data ->> 'level')""",
    "told twice": """SELECT count(*) FROM (SELECT FROM notice GROUP BY person_id, kind, case_id, data
        HAVING count(*) > 1) twice""",
}  # fmt: skip
"""Cases that no job and no sweep would ever come back to, and what is there twice."""

WRONG = {
    "a report without a case, or the other way round": """SELECT (SELECT count(*) FROM report r LEFT JOIN "case" c
        USING (community_id, case_id) WHERE c.case_id IS NULL) + (SELECT count(*) FROM "case" c WHERE NOT EXISTS (
        SELECT FROM report r WHERE r.community_id = c.community_id AND r.case_id = c.case_id))""",
    "a case whose beginning was told twice, or not": """SELECT count(*) FROM "case" c WHERE 1 <> (
        SELECT count(*) FROM event e WHERE e.community_id = c.community_id AND e.case_id = c.case_id AND e.verb = 'submit')""",
    "a number given twice": """SELECT count(*) FROM (SELECT FROM "case" GROUP BY community_id, number HAVING count(*) > 1) twice""",
    "a photo twice on one report": """SELECT count(*) FROM (SELECT FROM photo WHERE report_id IS NOT NULL
        GROUP BY community_id, report_id, sha256 HAVING count(*) > 1) twice""",
    "taken twice": """SELECT count(*) FROM (SELECT FROM event WHERE verb = 'accept' GROUP BY case_id HAVING count(*) > 1) twice""",
    "hours booked twice for one case": """SELECT count(*) FROM (SELECT FROM service WHERE case_id IS NOT NULL
        AND corrects IS NULL GROUP BY community_id, case_id, person_id HAVING count(*) > 1) twice""",
    "hours of a case that isn't closed": """SELECT count(*) FROM service s JOIN "case" c USING (community_id, case_id)
        WHERE c.status <> 'closed'""",
    "a balance that its entries don't add up to": """SELECT count(*) FROM account a WHERE kind = 'person' AND balance <> coalesce((
        SELECT sum(CASE WHEN l.to_account = a.account_id THEN l.points ELSE -l.points END) FROM ledger l
        WHERE l.community_id = a.community_id AND a.account_id IN (l.from_account, l.to_account)), 0)""",
    "a redemption that was not paid once": """SELECT count(*) FROM redemption r WHERE 1 <> (SELECT count(*) FROM ledger l
        WHERE l.community_id = r.community_id AND l.redemption_id = r.redemption_id)""",
}  # fmt: skip
"""What the acts of reporting, taking, closing and redeeming must leave behind, however often they were cut off."""

CHECKS = FORGOTTEN | WRONG
