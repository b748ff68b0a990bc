select cast(json_agg(json_build_array("cell"."bucket", "cell"."dimension_key", "cell"."row_count", "cell"."success_count", octet_length("cell"."sums"))) as text) as "entries", string_agg(case when octet_length("cell"."sums") % 32 = 0 then substr("cell"."sums", 161, 32) else "cell"."sums" end, cast('' as bytea)) as "sums"
from (select ordinality - 1 as number, "grain", "from", "to"
from unnest(cast($1 as text[]), cast($2 as bigint[]), cast($3 as bigint[])) with ordinality as parameter("grain", "from", "to")) as "stretch"
cross join lateral (select *
from "rollup_cells" as "cell"
where "cell"."project_id" = $4
and "cell"."dataset" = $5
and "cell"."dimension_set" = $6
and "cell"."grain" = "stretch"."grain"
and "cell"."bucket" >= "stretch"."from"
and "cell"."bucket" < "stretch"."to" offset 0) as "cell"
group by "stretch"."number";

select count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0"
from "llm_calls" as "event"
where "event"."project_id" = $1
and "event"."timestamp" >= cast($2 as timestamptz)
and "event"."timestamp" < cast($3 as timestamptz)
and "event"."latency_ms" > cast($4 as double precision);

select "event"."latency_ms" as "value", "event"."success", "piece"."number" as "piece_number"
from (select ordinality - 1 as number, "from", "to"
from unnest(cast($1 as timestamptz[]), cast($2 as timestamptz[])) with ordinality as parameter("from", "to")) as "piece"
cross join lateral (select *
from "llm_calls" as "event"
where "event"."project_id" = $3
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to" offset 0) as "event";

select case when "value" is not null then case when "value" < cast($1 as double precision) then case when "value" < cast($2 as double precision) then case when "value" < cast($3 as double precision) then 0
      else 1 end
      else 2 end
      else case when "value" <= cast($4 as double precision) then 3
      else 4 end end end as "bin", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", "piece_number"
from (select "event"."latency_ms" as "value", "event"."success", "piece"."number" as "piece_number"
from (select ordinality - 1 as number, "from", "to"
from unnest(cast($5 as timestamptz[]), cast($6 as timestamptz[])) with ordinality as parameter("from", "to")) as "piece"
cross join lateral (select *
from "llm_calls" as "event"
where "event"."project_id" = $7
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to" offset 0) as "event") as "event"
group by "bin", "piece_number";
