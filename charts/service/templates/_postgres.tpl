{{/* The database and the user of a Postgres of the release's own. */}}
{{- define "service.postgresOwn" -}}
{{- $name := .Release.Name | replace "-" "_" -}}
database: {{ .Values.postgres.database | default $name }}
username: {{ .Values.postgres.username | default $name }}
{{- end }}

{{/* What its container has of its own. The data's folder is one below the volume, whose top may have a lost+found. */}}
{{- define "service.postgresContainer" -}}
{{- $own := include "service.postgresOwn" . | fromYaml -}}
{{- $ready := list "pg_isready" "--host=127.0.0.1" (printf "--username=%s" $own.username) (printf "--dbname=%s" $own.database) -}}
{{- $postgres := .Values.postgres -}}
env:
  - { name: PGDATA, value: /var/lib/postgresql/data/pgdata }
  - { name: POSTGRES_DB, value: {{ $own.database }} }
  - { name: POSTGRES_USER, value: {{ $own.username }} }
  {{- include "service.fromSecret" (list "POSTGRES_PASSWORD" $postgres.secret (($postgres.keys | default dict).password | default "password")) | nindent 2 }}
volumeMounts:
  - { name: data, mountPath: /var/lib/postgresql/data }
  - { name: temporary, mountPath: /tmp, subPath: tmp }
  - { name: temporary, mountPath: /var/run/postgresql, subPath: run }
startupProbe: { exec: { command: {{ toJson $ready }} }, periodSeconds: 2, failureThreshold: 150 }
readinessProbe: { exec: { command: {{ toJson $ready }} }, timeoutSeconds: 5 }
{{- end }}
