select "event"."model" as "model", "event"."service" as "service", count(*) as "row_count"
from "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= ?
and "event"."timestamp" < ?
and "event"."streaming" = false
and ("event".rowid & 4095 or telltale_continue())
group by "event"."model", "event"."service"
order by "row_count" desc nulls last, "event"."model" asc nulls last, "event"."service" asc nulls last
limit ?;

select "piece"."number" as "piece_number", case when "event"."model" = ?
and "event"."service" = ? then 0 when "event"."model" = ?
and "event"."service" = ? then 1 else -1 end as "group_position", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."total_tokens") as "count_0", total("event"."total_tokens") as "sum_0", min("event"."total_tokens") as "min_0", max("event"."total_tokens") as "max_0", percentile_cont("event"."total_tokens", ?) as "quantile_0_0"
from (select rowid as number, value ->> 0 as "from", value ->> 1 as "to"
from json_each(?)) as "piece"
cross join "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and "event"."streaming" = false
and ("event".rowid & 4095 or telltale_continue())
group by "piece_number", "group_position";
