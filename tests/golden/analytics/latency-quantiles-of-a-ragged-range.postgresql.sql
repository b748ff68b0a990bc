select cast(json_agg(json_build_array("cell"."bucket", "cell"."dimension_key", "cell"."row_count", "cell"."success_count", octet_length("cell"."sums"), octet_length("cell"."histograms"))) as text) as "entries", string_agg(case when octet_length("cell"."sums") % 32 = 0 then substr("cell"."sums", 161, 32) else "cell"."sums" end, cast('' as bytea)) as "sums", string_agg("cell"."histograms", cast('' as bytea)) as "histograms"
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

select "piece"."number" as "piece_number", ceil(ln(cast(nullif("event"."latency_ms", 0) as double precision)) / cast($1 as double precision)) as "histogram_key", count(*) as "row_count"
from (select ordinality - 1 as number, "from", "to"
from unnest(cast($2 as timestamptz[]), cast($3 as timestamptz[])) with ordinality as parameter("from", "to")) as "piece"
cross join lateral (select *
from "llm_calls" as "event"
where "event"."project_id" = $4
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and not ("event"."provider" = $5) offset 0) as "event"
where "event"."latency_ms" is not null
group by "piece_number", "histogram_key";

select "piece"."number" as "piece_number", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", coalesce(cast(sum("event"."latency_ms") as double precision), 0) as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0"
from (select ordinality - 1 as number, "from", "to"
from unnest(cast($1 as timestamptz[]), cast($2 as timestamptz[])) with ordinality as parameter("from", "to")) as "piece"
cross join lateral (select *
from "llm_calls" as "event"
where "event"."project_id" = $3
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and not ("event"."provider" = $4) offset 0) as "event"
group by "piece_number";
