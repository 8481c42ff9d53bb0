-- Which privileges do other roles have on the schema $1, its tables, views and columns? As statements that grant them
-- on those of the schema $2, too.
WITH granted AS (
    SELECT 'SCHEMA ' || quote_ident($2) AS object, NULL AS columns, nspowner AS owner, acl.*
    FROM pg_namespace
    CROSS JOIN aclexplode(nspacl) AS acl
    WHERE nspname = $1
    UNION ALL
    SELECT format('TABLE %I.%I', $2, old.relname), NULL, old.relowner, acl.*
    FROM pg_class AS old
    JOIN pg_class AS new ON new.relname = old.relname
    CROSS JOIN aclexplode(old.relacl) AS acl
    WHERE old.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
        AND new.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $2)
    UNION ALL
    SELECT format('TABLE %I.%I', $2, old.relname), format('(%I)', new_column.attname), old.relowner, acl.*
    FROM pg_class AS old
    JOIN pg_class AS new ON new.relname = old.relname
    JOIN pg_attribute AS old_column ON old_column.attrelid = old.oid
    JOIN pg_attribute AS new_column ON new_column.attrelid = new.oid AND new_column.attname = old_column.attname
    CROSS JOIN aclexplode(old_column.attacl) AS acl
    WHERE old.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
        AND new.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $2)
)
SELECT format(
    'GRANT %s%s ON %s TO %s%s',
    privilege_type,
    columns,
    object,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
) AS statement
FROM granted
WHERE grantee <> owner
