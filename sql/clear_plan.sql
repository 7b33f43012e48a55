-- needs: plan_message
TRUNCATE pg_temp.plan_message
