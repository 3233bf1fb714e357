{{/* A variable whose value is a Secret's: list of its name, the Secret and the key. */}}
{{- define "service.fromSecret" -}}
- name: {{ index . 0 }}
  valueFrom: { secretKeyRef: { name: {{ index . 1 | quote }}, key: {{ index . 2 | quote }} } }
{{- end }}

{{/*
How the container reaches its Postgres: the variables that libpq reads, and a URL made of them by the kubelet, so that no password
is among the values.
*/}}
{{- define "service.postgresEnvironment" -}}
{{- $postgres := .Values.postgres -}}
{{- $own := eq $postgres.from "statefulset" -}}
{{- $secret := $postgres.secret | default (printf "%s-app" (include "service.postgres" .)) -}}
{{- $name := .Release.Name | replace "-" "_" -}}
{{- $defaults := dict "host" "host" "port" "port" "database" "database" "username" "username" "password" "password" -}}
{{- if eq $postgres.from "operator" }}{{ $_ := set $defaults "database" "dbname" }}{{ end -}}
{{- $keys := merge (dict) ($postgres.keys | default dict) $defaults -}}
{{- if $own -}}
- { name: PGHOST, value: {{ include "service.postgres" . }} }
- { name: PGPORT, value: "5432" }
- { name: PGDATABASE, value: {{ $postgres.database | default $name }} }
- { name: PGUSER, value: {{ $postgres.username | default $name }} }
{{- else -}}
{{ include "service.fromSecret" (list "PGHOST" $secret $keys.host) }}
{{ include "service.fromSecret" (list "PGPORT" $secret $keys.port) }}
{{ include "service.fromSecret" (list "PGDATABASE" $secret $keys.database) }}
{{ include "service.fromSecret" (list "PGUSER" $secret $keys.username) }}
{{- end }}
{{ include "service.fromSecret" (list "PGPASSWORD" $secret $keys.password) }}
- { name: DATABASE_URL, value: "postgresql://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)" }
{{- end }}

{{/* The same for its Redis. */}}
{{- define "service.redisEnvironment" -}}
{{- $redis := .Values.redis -}}
{{- $keys := merge (dict) ($redis.keys | default dict) (dict "host" "host" "port" "port" "password" "password") -}}
{{- if has $redis.from (list "statefulset" "operator") -}}
- { name: REDIS_HOST, value: {{ include "service.redis" . }} }
- { name: REDIS_PORT, value: "6379" }
{{- else -}}
{{ include "service.fromSecret" (list "REDIS_HOST" $redis.secret $keys.host) }}
{{ include "service.fromSecret" (list "REDIS_PORT" $redis.secret $keys.port) }}
{{- end }}
{{ include "service.fromSecret" (list "REDIS_PASSWORD" $redis.secret $keys.password) }}
- { name: REDIS_URL, value: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/0" }
{{- end }}

{{/* All variables of a container; a value may name those above it, as in $(PGHOST). */}}
{{- define "service.environment" -}}
{{- with .Values.postgres }}{{ include "service.postgresEnvironment" $ | nindent 0 }}{{ end }}
{{- with .Values.redis }}{{ include "service.redisEnvironment" $ | nindent 0 }}{{ end }}
{{- range $name, $from := .Values.secrets }}
{{ include "service.fromSecret" (list $name $from.secret $from.key) }}
{{- end }}
{{- range $name, $value := .Values.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
