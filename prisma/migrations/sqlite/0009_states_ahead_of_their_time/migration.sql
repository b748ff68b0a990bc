-- A clock that was ahead dated states to times that have not come: newer ones would not be seen until then.
UPDATE "agents" SET "updated_at" = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE "updated_at" > CAST(strftime('%s', 'now') AS INTEGER) * 1000;
UPDATE "tasks" SET "updated_at" = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE "updated_at" > CAST(strftime('%s', 'now') AS INTEGER) * 1000;
