select json_group_array(json_array("cell"."bucket", "cell"."dimension_key", "cell"."row_count", "cell"."success_count", octet_length("cell"."sums"), octet_length("cell"."histograms"))) as "entries", cast(group_concat("cell"."sums", '') as blob) as "sums", cast(group_concat("cell"."histograms", '') as blob) as "histograms"
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

select "piece"."number" as "piece_number", ceil(ln(cast(nullif("event"."latency_ms", 0) as double precision)) / cast(? as double precision)) as "histogram_key", count(*) as "row_count"
from (select rowid as number, value ->> 0 as "from", value ->> 1 as "to"
from json_each(?)) as "piece"
cross join "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and not ("event"."provider" = ?)
and "event"."latency_ms" is not null
and ("event".rowid & 4095 or telltale_continue())
group by "piece_number", "histogram_key";

select "piece"."number" as "piece_number", count(*) as "row_count", count(*) filter (where "event"."success") as "success_count", count("event"."latency_ms") as "count_0", total("event"."latency_ms") as "sum_0", min("event"."latency_ms") as "min_0", max("event"."latency_ms") as "max_0"
from (select rowid as number, value ->> 0 as "from", value ->> 1 as "to"
from json_each(?)) as "piece"
cross join "llm_calls" as "event"
where "event"."project_id" = ?
and "event"."timestamp" >= "piece"."from"
and "event"."timestamp" < "piece"."to"
and not ("event"."provider" = ?)
and ("event".rowid & 4095 or telltale_continue())
group by "piece_number";
