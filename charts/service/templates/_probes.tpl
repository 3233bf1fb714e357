{{/* One probe: what is asked, and how often. */}}
{{- define "service.probe" -}}
{{- if .path -}}
httpGet: { path: {{ .path | quote }}, port: {{ .port | default "http" }} }
{{- else if .command -}}
exec: { command: {{ toJson .command }} }
{{- else -}}
tcpSocket: { port: {{ .port | default "http" }} }
{{- end }}
{{- with .everySeconds }}
periodSeconds: {{ . }}
{{- end }}
{{- with .timeoutSeconds }}
timeoutSeconds: {{ . }}
{{- end }}
{{- with .failures }}
failureThreshold: {{ . }}
{{- end }}
{{- end }}

{{/*
All probes of the container. Without one of its own, a service with a port is ready when that is open; nothing ends a container by
itself, since a liveness probe that asks the wrong thing does more harm than none.
*/}}
{{- define "service.probes" -}}
{{- $tcp := ternary (dict "tcp" true) nil (not (empty .port)) -}}
{{- with .probes.startup }}
startupProbe: {{- include "service.probe" . | nindent 2 }}
{{- end }}
{{- with .probes.readiness | default $tcp }}
readinessProbe: {{- include "service.probe" . | nindent 2 }}
{{- end }}
{{- with .probes.liveness }}
livenessProbe: {{- include "service.probe" . | nindent 2 }}
{{- end }}
{{- end }}
