-- What a contact did last to their bookings, which they may take back for some minutes, and the hold whose echo was the last reply.
alter table conversation add column act text;
-- The booking of `act`, so that a snapshot finds it after it was cancelled.
alter table conversation add column act_booking integer;
alter table conversation add column echo text;
