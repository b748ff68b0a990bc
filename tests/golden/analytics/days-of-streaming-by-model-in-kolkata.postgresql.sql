select "event"."model" as "model", "event"."service" as "service", count(*) as "row_count"
from "llm_calls" as "event"
where "event"."project_id" = $1
and "event"."timestamp" >= cast($2 as timestamptz)
and "event"."timestamp" < cast($3 as timestamptz)
and "event"."streaming" = false
group by "event"."model", "event"."service"
order by "row_count" desc nulls last, "event"."model" collate "C" asc nulls last, "event"."service" collate "C" asc nulls last
limit $4;

select "piece"."number" as "piece_number", case when "event"."model" = $1
and "event"."service" = $2 then 0 when "event"."model" = $3
and "event"."service" = $4 then 1 else -1 end as "group_position", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."total_tokens") as "count_0", coalesce(cast(sum("event"."total_tokens") as double precision), 0) as "sum_0", min("event"."total_tokens") as "min_0", max("event"."total_tokens") as "max_0", percentile_cont($5) within group (order by cast("event"."total_tokens" as double precision)) as "quantile_0_0"
from (select ordinality - 1 as number, "from", "to"
from unnest(cast($6 as timestamptz[]), cast($7 as timestamptz[])) with ordinality as parameter("from", "to")) as "piece"
cross join lateral (select *
from "llm_calls" as "event"
where "event"."project_id" = $8
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and "event"."streaming" = false offset 0) as "event"
group by "piece_number", "group_position";
