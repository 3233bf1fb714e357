{{/* One fault: list of where, what was given, what is expected, and how to mend it. */}}
{{- define "service.fault" -}}
{{ printf "%s\n  given     %s\n  expected  %s\n  remedy    %s" (index . 0) (index . 1) (index . 2) (index . 3) }}
{{- end }}

{{/* What the schema can't say: faults between values, as a list. */}}
{{- define "service.faults" -}}
{{- $faults := list -}}
{{- $values := .Values -}}
{{- if not (regexMatch "^[a-z][a-z0-9-]{0,40}$" .Release.Name) -}}
  {{- $faults = append $faults (include "service.fault" (list "the release's name" (quote .Release.Name) "a letter, then letters, digits and dashes, 41 at most: a Service is called so" "name it for example \"shop\"")) -}}
{{- end -}}
{{- if not (or .Values.image.tag .Values.image.digest) -}}
  {{- $faults = append $faults (include "service.fault" (list "image" "neither a tag nor a digest" "one of them, or both" "write for example tag: \"1.4.2\"")) -}}
{{- end -}}
{{- if eq (.Values.image.tag | default "") "latest" -}}
  {{- $faults = append $faults (include "service.fault" (list "image.tag" "\"latest\"" "a tag that names one build" "write the tag that your pipeline gives the image, for example \"1.4.2\"")) -}}
{{- end -}}
{{- range $name, $probe := .Values.probes -}}
  {{- $asked := list -}}
  {{- range list "path" "command" "tcp" }}{{ if hasKey $probe . }}{{ $asked = append $asked . }}{{ end }}{{ end -}}
  {{- if ne (len $asked) 1 -}}
    {{- $faults = append $faults (include "service.fault" (list (printf "probes.%s" $name) (join " and " $asked | default "none of them") "one of path, command and tcp" "write for example path: /healthz")) -}}
  {{- else if not (or $values.port $probe.port (eq (first $asked) "command")) -}}
    {{- $faults = append $faults (include "service.fault" (list (printf "probes.%s" $name) (printf "%s, and the service has no port" (first $asked)) "a port, or a command" "write port: below it, or command: in its place")) -}}
  {{- end -}}
{{- end -}}
{{- with .Values.route -}}
  {{- if not $values.port -}}
    {{- $faults = append $faults (include "service.fault" (list "route" "a route to a service without a port" "a port" "write port: with the number that the service listens at")) -}}
  {{- end -}}
  {{- if and (ne (.kind | default "HTTPRoute") "Ingress") (not .gateway) -}}
    {{- $faults = append $faults (include "service.fault" (list "route.gateway" "nothing" "the Gateway that the route attaches to" "write gateway: { name: … } with your tenant's name, or kind: Ingress")) -}}
  {{- end -}}
{{- end -}}
{{- with .Values.autoscaling -}}
  {{- if gt (int .minimum) (int .maximum) -}}
    {{- $faults = append $faults (include "service.fault" (list "autoscaling.minimum" (toString .minimum) (printf "at most autoscaling.maximum, which is %d" (int .maximum)) "lower the one or raise the other")) -}}
  {{- end -}}
  {{- if not (or .cpu .memory) -}}
    {{- $faults = append $faults (include "service.fault" (list "autoscaling" "neither cpu nor memory" "what the number of pods follows" "write for example cpu: 70")) -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.storage (or .Values.autoscaling (gt (int .Values.replicas) 1)) -}}
  {{- $faults = append $faults (include "service.fault" (list "storage" "a volume for several pods" "one pod: a volume can't be at two nodes" "write replicas: 1 and leave out autoscaling, or keep the data in a database")) -}}
{{- end -}}
{{- range $name := list "postgres" "redis" -}}
  {{- with get $values $name -}}
    {{- $needs := get (dict "operator" (ternary (list "storage") (list "secret" "image") (eq $name "postgres")) "claim" (list "claim" "secret") "statefulset" (ternary (list "secret" "storage") (list "secret") (eq $name "postgres")) "existing" (list "secret")) .from -}}
    {{- $of := . -}}
    {{- range $needs -}}
      {{- if not (get $of .) -}}
        {{- $remedy := get (dict "secret" "write the name of a Secret, for example secret: database" "storage" "write for example storage: { size: 5Gi }" "claim" "write claim: with apiVersion, kind and spec" "image" "write image: with the name and the tag of an image that the operator knows") . -}}
        {{- $faults = append $faults (include "service.fault" (list (printf "%s.%s" $name .) "nothing" (printf "a value: %s.from is %s" $name $of.from) $remedy)) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- join "\n\n" $faults -}}
{{- end }}
