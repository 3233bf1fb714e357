{{/*
What every object of a component is labelled with: list of the root and the component. Since all have it, it is also where values
that don't fit together stop: Helm renders a chart's files in no order.
*/}}
{{- define "service.labels" -}}
{{- $root := index . 0 -}}
{{- with include "service.faults" $root }}{{ fail (printf "the values don't fit together\n\n%s\n" .) }}{{ end -}}
{{ include "service.selector" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* By what a component's pods are chosen. Nothing here may change: a Deployment's selector can't. */}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ (index . 0).Release.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/*
When Argo CD applies an object: lower comes first. It renders charts without a cluster and knows no installation from an upgrade,
so Helm's hooks alone don't order anything for it. Helm ignores this.
*/}}
{{- define "service.wave" -}}
argocd.argoproj.io/sync-wave: {{ . | quote }}
{{- end }}

{{- define "service.postgres" -}}
{{ .Release.Name }}-postgres
{{- end }}

{{- define "service.redis" -}}
{{ .Release.Name }}-redis
{{- end }}
