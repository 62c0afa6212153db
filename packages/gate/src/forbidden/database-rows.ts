/** What a worker may not be told to do to data. SQL is found as such, in whatever carries it. */
import { begins, type ForbiddenAction, has, isRehearsal, operands } from "./row.ts";

export const DATABASE_ROWS: readonly ForbiddenAction[] = [
  {
    id: "sql-drop",
    why: "it deletes tables or databases with all that is in them",
    help: "write a migration that can be rolled back",
    names: ["dropdb", "mysqladmin", "pg_dropcluster", "dropuser"],
    command: ({ name, args }) =>
      (/^(?:dropdb|pg_dropcluster|dropuser)$/.test(name) &&
        args.length > 0 &&
        !isRehearsal(args)) ||
      (name === "mysqladmin" && has(args, /^drop$/i)),
    pattern:
      /\bDROP(?:\s|\/\*[^*]{0,40}\*\/){1,20}(?:TABLE|DATABASE|SCHEMA|KEYSPACE|OWNED\s+BY|TABLESPACE)(?:\s|\/\*[^*]{0,40}\*\/){1,20}(?!(?:is|are|in|of|or|and|statements?|commands?|operations?|permissions?|rights?|attempts?|to|from|by|with|without)\b)(?:IF\s+EXISTS\s+)?[\w"'`[$.{<*]/i,
    bad: [
      "DROP TABLE users;",
      "drop database shop",
      'psql -c "DROP SCHEMA public CASCADE"',
      "Drop  Table if exists a",
      "mysql -e 'drop table `a`'",
      "DROP/**/TABLE users",
      "DROP TABLE\n  users;",
      "psql <<SQL\nDROP TABLE users;\nSQL",
      "echo 'drop table users' | psql shop",
      "dropdb shop",
      "sudo -u postgres dropdb shop",
      "mysqladmin -f drop shop",
      "cqlsh -e 'DROP KEYSPACE shop'",
    ],
    ok: [
      "drop the table from the plan",
      "DROP COLUMN a",
      "dropdown table",
      "drop table is a word",
      "dropdb --help",
      "Reject DROP TABLE statements",
    ],
  },
  {
    id: "sql-truncate",
    why: "it empties a table at once, without a way back",
    help: "delete rows by a condition, in a migration that can be rolled back",
    names: [],
    pattern:
      /\b(?:TRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?["`[]?[A-Za-z_][\w.]*|truncate\s+table\s+["`[]?[a-z_][\w.]*)|["'(;]\s{0,8}(?:T|t)runcate\s+(?!-)["`[]?[a-z_][\w.]*\s*[;"')]/,
    bad: [
      "TRUNCATE TABLE users;",
      "TRUNCATE sessions",
      "truncate table sessions",
      'psql -c "TRUNCATE a.b"',
      'psql -c "truncate sessions"',
      "TRUNCATE ONLY users",
    ],
    ok: ["truncate the log to 80 lines", "truncate -s 0 file", "Truncate long names"],
  },
  {
    id: "sql-delete-all",
    why: "a DELETE without WHERE empties the table",
    help: "add a WHERE with the rows that are meant",
    names: [],
    pattern:
      /\b(?:DELETE\s+FROM|delete\s+from)\s+(?!(?:the|an?|this|that|all|any|your|our|its?|here|there|both|each)\s+\w)["`[]?[A-Za-z_][\w.]*["`\]]?(?!\s*[\w.])\s*(?:;|["'`)]|$(?!\s*(?:WHERE|where|USING|using)\b)|\b(?:WHERE|where)\s+(?:1\s{0,4}=\s{0,4}1|true|TRUE)\b)/m,
    shouted: true,
    bad: [
      "DELETE FROM users;",
      "delete from users",
      'psql -c "DELETE FROM a.users"',
      "sqlite3 a.db 'delete from users;'",
    ],
    ok: [
      "DELETE FROM users WHERE id = 1;",
      "delete from the list",
      "DELETE FROM users\n  WHERE id = 1;",
      "delete from users where id=2",
    ],
  },
  {
    id: "sql-grant-all",
    why: "it gives away every right on a database",
    help: "grant the one right that is missing",
    names: [],
    pattern:
      /\bGRANT\s+ALL(?:\s+PRIVILEGES)?\s+ON\s+(?:\*\.\*|ALL\s|DATABASE\s)|\bALTER\s+(?:USER|ROLE)\s+\S{1,60}\s+(?:WITH\s+)?SUPERUSER\b/i,
    bad: [
      "GRANT ALL PRIVILEGES ON *.* TO app",
      "psql -c 'grant all on database shop to app'",
      "ALTER ROLE app WITH SUPERUSER",
    ],
    ok: ["GRANT SELECT ON a TO app", "grant all of them access"],
  },
  {
    id: "store-flush",
    why: "it empties a whole store",
    help: "delete the keys that are meant, by name",
    names: [
      "redis-cli",
      "valkey-cli",
      "mongosh",
      "mongo",
      "rabbitmqctl",
      "curl",
      "influx",
      "kafka-topics.sh",
      "kafka-topics",
      "memcached-tool",
    ],
    command: ({ name, args, fed }) => {
      if (/^(?:redis|valkey|keydb)-cli$/.test(name))
        return has(args, /^(?:flushall|flushdb)$/i) || (fed.length > 0 && has(args, /^flush/i));
      if (/^mongo(?:sh)?$/.test(name))
        return has(
          args,
          /\bdropDatabase\s*\(|\.drop\s*\(\s*\)|\.(?:deleteMany|remove)\s*\(\s*\{\s*\}\s*\)/,
        );
      if (name === "rabbitmqctl")
        return has(args, /^(?:reset|force_reset|delete_vhost|purge_queue)$/);
      if (/^kafka-topics(?:\.sh)?$/.test(name)) return has(args, /^--delete$/);
      if (name === "influx")
        return begins(operands(args), /^(?:bucket|delete)$/) && has(args, /^delete$/);
      if (name === "curl")
        return (
          has(args, /^(?:-X)?DELETE$|^-XDELETE$|^--request=DELETE$/i) &&
          has(args, /:9200\/(?:_all|\*|[\w*,-]{0,60}\*)?(?:\?.*)?$/)
        );
      return false;
    },
    pattern:
      /\bdb\.dropDatabase\s?\(|\bdb\.\w{1,60}\.(?:drop\s?\(\s?\)|deleteMany\s?\(\s?\{\s?\}\s?\))|\b(?:FLUSHALL|FLUSHDB)\b(?!\s+(?:is|are|and|or|command))/,
    bad: [
      "redis-cli FLUSHALL",
      "redis-cli -h cache -n 1 flushdb",
      "echo FLUSHALL | redis-cli",
      'mongosh shop --eval "db.dropDatabase()"',
      'mongosh --eval "db.users.deleteMany({})"',
      "curl -X DELETE http://localhost:9200/_all",
      "curl -XDELETE 'localhost:9200/*'",
      "rabbitmqctl force_reset",
      "kafka-topics.sh --delete --topic orders",
    ],
    ok: [
      "redis-cli GET a",
      "redis-cli DEL a",
      'mongosh --eval "db.users.find()"',
      "curl -X DELETE http://localhost:9200/orders-1",
      "curl -X DELETE https://api.acme.example/a",
      "rabbitmqctl status",
    ],
  },
  {
    id: "schema-reset",
    why: "it builds the database anew, and what was in it is gone",
    help: "run the one migration that is missing",
    names: [
      "rails",
      "rake",
      "prisma",
      "manage.py",
      "artisan",
      "php",
      "python",
      "python3",
      "sequelize",
      "alembic",
      "supabase",
      "bin/rails",
      "typeorm",
      "drizzle-kit",
      "knex",
      "flyway",
      "liquibase",
      "heroku",
      "diesel",
      "mix",
      "doctrine",
    ],
    command: ({ name, args }) => {
      const words = [name, ...operands(args)];
      const says = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
      if (/^(?:rails|rake)$/.test(name))
        return says(/^db:(?:drop|reset|purge|schema:load|migrate:reset|seed:replant)(?::|$)/);
      if (name === "prisma")
        return (
          says(/^reset$/) || (says(/^push$/) && has(args, /^--(?:force-reset|accept-data-loss)$/))
        );
      if (says(/(?:^|\/)manage\.py$/)) return says(/^(?:flush|reset_db|sqlflush)$/);
      if (says(/(?:^|\/)artisan$/)) return says(/^(?:migrate:(?:fresh|reset|refresh)|db:wipe)$/);
      if (/^(?:sequelize|typeorm|doctrine)$/.test(name))
        return says(/^(?:db:drop|schema:drop|orm:schema-tool:drop)$/);
      if (name === "alembic") return begins(operands(args), "downgrade", "base");
      if (name === "supabase")
        return begins(operands(args), "db", "reset") && has(args, /^--(?:linked|db-url)/);
      if (name === "heroku") return says(/^(?:pg:reset|apps:destroy|addons:destroy)$/);
      if (/^(?:flyway|liquibase)$/.test(name)) return says(/^(?:clean|dropAll|drop-all)$/);
      if (name === "diesel") return begins(operands(args), "database", "reset");
      return name === "mix" && says(/^ecto\.(?:drop|reset)$/);
    },
    bad: [
      "rails db:drop",
      "bundle exec rake db:reset",
      "bin/rails db:migrate:reset",
      "npx prisma migrate reset --force",
      "prisma db push --force-reset",
      "python manage.py flush --noinput",
      "php artisan migrate:fresh",
      "alembic downgrade base",
      "heroku pg:reset DATABASE_URL",
      "flyway clean",
    ],
    ok: [
      "rails db:migrate",
      "npx prisma migrate deploy",
      "python manage.py migrate",
      "php artisan migrate",
      "alembic downgrade -1",
      "supabase db reset",
    ],
  },
];
