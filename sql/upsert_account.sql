-- $1::text name, $2::text phone_number_id, $3::text business_phone, $4::text waba_id
-- Not null beats null, then the greater.
INSERT INTO coexsync.account AS a (name, phone_number_id, business_phone, waba_id)
VALUES ($1::text, $2::text, $3::text, $4::text)
ON CONFLICT (name) DO UPDATE
SET phone_number_id = greatest(a.phone_number_id, excluded.phone_number_id),
    business_phone = greatest(a.business_phone, excluded.business_phone),
    waba_id = greatest(a.waba_id, excluded.waba_id)
WHERE (a.phone_number_id, a.business_phone, a.waba_id) IS DISTINCT FROM
    (greatest(a.phone_number_id, excluded.phone_number_id),
    greatest(a.business_phone, excluded.business_phone), greatest(a.waba_id, excluded.waba_id))
