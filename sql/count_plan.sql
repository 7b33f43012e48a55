-- needs: plan_message
-- What the merge does, by part of the batch.
SELECT part, is_conflicting, count(*) FROM pg_temp.plan_message GROUP BY part, is_conflicting
