-- needs: plan_message
DROP TABLE pg_temp.plan_message
