select json_group_array(json_array("cell"."bucket", "cell"."dimension_key", "cell"."row_count", "cell"."success_count", octet_length("cell"."sums"))) as "entries", cast(group_concat("cell"."sums", '') as blob) as "sums"
from (select rowid as number, value ->> 0 as "grain", value ->> 1 as "from", value ->> 2 as "to"
from json_each(?)) as "stretch"
cross join "rollup_cells" as "cell"
where "cell"."project_id" = ?
and "cell"."dataset" = ?
and "cell"."dimension_set" = ?
and "cell"."grain" = "stretch"."grain"
and "cell"."bucket" >= "stretch"."from"
and "cell"."bucket" < "stretch"."to"
and (("cell".writer + random()) & 4095 or telltale_continue())
group by "stretch"."number";

select count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0"
from "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= ?
and "event"."timestamp" < ?
and "event"."latency_ms" > cast(? as double precision)
and ("event".rowid & 4095 or telltale_continue());

select "event"."latency_ms" as "value", "event"."success", "piece"."number" as "piece_number"
from (select rowid as number, value ->> 0 as "from", value ->> 1 as "to"
from json_each(?)) as "piece"
cross join "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and ("event".rowid & 4095 or telltale_continue());

select case when "value" is not null then case when "value" < cast(? as double precision) then case when "value" < cast(? as double precision) then case when "value" < cast(? as double precision) then 0
      else 1 end
      else 2 end
      else case when "value" <= cast(? as double precision) then 3
      else 4 end end end as "bin", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", "piece_number"
from (select "event"."latency_ms" as "value", "event"."success", "piece"."number" as "piece_number"
from (select rowid as number, value ->> 0 as "from", value ->> 1 as "to"
from json_each(?)) as "piece"
cross join "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and ("event".rowid & 4095 or telltale_continue())
and ("event".rowid & 4095 or telltale_continue())) as "event"
group by "bin", "piece_number";
