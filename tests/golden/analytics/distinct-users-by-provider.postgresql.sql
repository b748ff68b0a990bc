select "event"."provider" as "provider", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."end_user") as "count_0", count(distinct "event"."end_user") as "distinct_0", count("event"."model") as "count_1", count(distinct "event"."model") as "distinct_1"
from "llm_calls" as "event"
where "event"."project_id" = $1
and "event"."timestamp" >= cast($2 as timestamptz)
and "event"."timestamp" < cast($3 as timestamptz)
group by "event"."provider";

with "ranked" as materialized (select "event"."provider" as "provider", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."end_user") as "count_0", count(distinct "event"."end_user") as "distinct_0", count("event"."model") as "count_1", count(distinct "event"."model") as "distinct_1"
from "llm_calls" as "event"
where "event"."project_id" = $1
and "event"."timestamp" >= cast($2 as timestamptz)
and "event"."timestamp" < cast($3 as timestamptz)
group by "event"."provider") select *, (select sum(row_count)
from "ranked") as "total_rows"
from "ranked"
order by "distinct_1" desc nulls last, "ranked"."provider" collate "C" asc nulls last
limit $4;
