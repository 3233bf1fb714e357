{{/* The service's own container. */}}
{{- define "service.main" -}}
name: service
{{ include "service.container" (list . .Values.storage) }}
{{- with .Values.command }}
command: {{ toJson . }}
{{- end }}
{{- with .Values.args }}
args: {{ toJson . }}
{{- end }}
{{- with .Values.port }}
ports:
  - { name: http, containerPort: {{ . }} }
{{- with $.Values.metrics }}
{{- if and .port (ne (int .port) (int $.Values.port)) }}
  - { name: metrics, containerPort: {{ .port }} }
{{- end }}
{{- end }}
{{- end }}
{{- include "service.probes" .Values }}
resources: {{- toYaml .Values.resources | nindent 2 }}
{{- with .Values.shutdown.delaySeconds }}
# Requests still come for a moment after a pod has been told to end.
lifecycle: { preStop: { sleep: { seconds: {{ . }} } } }
{{- end }}
{{- end }}

{{/* Pods go to different nodes and zones where there are any. */}}
{{- define "service.spread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "service.selector" (list $ "service") | nindent 6 }}
{{- end }}
{{- end }}
