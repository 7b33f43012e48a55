-- needs: plan_message
-- What is planned of later waves does not know what the first will do.
DELETE FROM pg_temp.plan_message WHERE wave > 0
