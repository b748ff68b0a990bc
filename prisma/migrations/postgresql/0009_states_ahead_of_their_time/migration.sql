-- A clock that was ahead dated states to times that have not come: newer ones would not be seen until then.
UPDATE "agents" SET "updated_at" = now() WHERE "updated_at" > now();
UPDATE "tasks" SET "updated_at" = now() WHERE "updated_at" > now();
