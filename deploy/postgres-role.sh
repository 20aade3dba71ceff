#!/bin/sh
# Run once by the image of PostgreSQL, when its folder is made. Sightline gets a role of its own, which is no superuser:
# those stand above row-level security, which keeps workspaces apart.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$SIGHTLINE_DATABASE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE sightline LOGIN PASSWORD :'password';
CREATE DATABASE sightline OWNER sightline;
SQL
