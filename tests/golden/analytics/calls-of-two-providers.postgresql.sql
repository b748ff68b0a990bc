select cast(json_agg(json_build_array("cell"."bucket", "cell"."dimension_key", "cell"."row_count", "cell"."success_count", octet_length("cell"."sums"))) as text) as "entries", string_agg(case when octet_length("cell"."sums") % 32 = 0 then substr("cell"."sums", 1, 0) else "cell"."sums" end, cast('' as bytea)) as "sums"
from (select ordinality - 1 as number, "grain", "from", "to"
from unnest(cast($1 as text[]), cast($2 as bigint[]), cast($3 as bigint[])) with ordinality as parameter("grain", "from", "to")) as "stretch"
cross join lateral (select *
from "rollup_cells" as "cell"
where "cell"."project_id" = $4
and "cell"."dataset" = $5
and "cell"."dimension_set" = $6
and "cell"."grain" = "stretch"."grain"
and "cell"."bucket" >= "stretch"."from"
and "cell"."bucket" < "stretch"."to"
and "cell"."dimension_key" in ($7, $8) offset 0) as "cell"
group by "stretch"."number";
