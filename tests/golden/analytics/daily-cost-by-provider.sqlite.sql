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
