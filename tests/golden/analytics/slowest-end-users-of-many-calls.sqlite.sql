select "event"."end_user" as "endUser", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", total("event"."latency_ms") as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0", percentile_cont("event"."latency_ms", ?) as "quantile_0_0", percentile_cont("event"."latency_ms", ?) as "quantile_0_1"
from "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= ?
and "event"."timestamp" < ?
and ((instr("event"."error_message", ?) > 0) is not true or "event"."status_code" in (cast(? as double precision), cast(? as double precision)))
and ("event".rowid & 4095 or telltale_continue())
group by "event"."end_user"
having count(*) >= ?;

with "ranked" as materialized (select "event"."end_user" as "endUser", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", total("event"."latency_ms") as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0", percentile_cont("event"."latency_ms", ?) as "quantile_0_0", percentile_cont("event"."latency_ms", ?) as "quantile_0_1"
from "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= ?
and "event"."timestamp" < ?
and ((instr("event"."error_message", ?) > 0) is not true or "event"."status_code" in (cast(? as double precision), cast(? as double precision)))
and ("event".rowid & 4095 or telltale_continue())
and ("event".rowid & 4095 or telltale_continue())
group by "event"."end_user"
having count(*) >= ?) select *, (select sum(row_count)
from "ranked") as "total_rows"
from "ranked"
order by "quantile_0_1" desc nulls last, "ranked"."endUser" asc nulls last
limit ?;
