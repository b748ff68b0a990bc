select "event"."end_user" as "endUser", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", coalesce(cast(sum("event"."latency_ms") as double precision), 0) as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0", percentile_cont($1) within group (order by cast("event"."latency_ms" as double precision)) as "quantile_0_0", percentile_cont($2) within group (order by cast("event"."latency_ms" as double precision)) as "quantile_0_1"
from "llm_calls" as "event"
where "event"."project_id" = $3
and "event"."timestamp" >= cast($4 as timestamptz)
and "event"."timestamp" < cast($5 as timestamptz)
and ((strpos("event"."error_message", $6) > 0) is not true or "event"."status_code" in (cast($7 as double precision), cast($8 as double precision)))
group by "event"."end_user"
having count(*) >= $9;

with "ranked" as materialized (select "event"."end_user" as "endUser", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", coalesce(cast(sum("event"."latency_ms") as double precision), 0) as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0", percentile_cont($1) within group (order by cast("event"."latency_ms" as double precision)) as "quantile_0_0", percentile_cont($2) within group (order by cast("event"."latency_ms" as double precision)) as "quantile_0_1"
from "llm_calls" as "event"
where "event"."project_id" = $3
and "event"."timestamp" >= cast($4 as timestamptz)
and "event"."timestamp" < cast($5 as timestamptz)
and ((strpos("event"."error_message", $6) > 0) is not true or "event"."status_code" in (cast($7 as double precision), cast($8 as double precision)))
group by "event"."end_user"
having count(*) >= $9) select *, (select sum(row_count)
from "ranked") as "total_rows"
from "ranked"
order by "quantile_0_1" desc nulls last, "ranked"."endUser" collate "C" asc nulls last
limit $10;
