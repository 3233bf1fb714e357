{{/*
What its container has of its own. Settings come on standard input, so that the password is no argument. Without storage it is a
cache that forgets what was used least recently; with it, it keeps all and refuses more.
*/}}
{{- define "service.redisContainer" -}}
{{- $redis := .Values.redis -}}
command:
  - sh
  - -c
  - |
    exec redis-server - <<END
    bind *
    dir /data
    maxmemory {{ $redis.maximumMemory | default "128mb" }}
    maxmemory-policy {{ ternary "noeviction" "allkeys-lru" (not (empty $redis.storage)) }}
    appendonly {{ ternary "yes" "no" (not (empty $redis.storage)) }}
    save ""
    requirepass "$REDIS_PASSWORD"
    END
env:
  {{- include "service.fromSecret" (list "REDIS_PASSWORD" $redis.secret (($redis.keys | default dict).password | default "password")) | nindent 2 }}
volumeMounts:
  - { name: data, mountPath: /data }
  - { name: temporary, mountPath: /tmp }
readinessProbe: { tcpSocket: { port: redis } }
{{- end }}
