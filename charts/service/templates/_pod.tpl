{{/* An image by its tag, its digest, or both: a dict with name, tag and digest. */}}
{{- define "service.image" -}}
{{ .name }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{/* What Pod Security "restricted" asks of a pod, as a user; without one, as the image's own. */}}
{{- define "service.podSecurity" -}}
runAsNonRoot: true
{{- with . }}
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* What it asks of a container, and whether its root file system is read-only. */}}
{{- define "service.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ . }}
capabilities: { drop: [ALL] }
{{- end }}

{{/* A file's key in the ConfigMap. */}}
{{- define "service.fileKey" -}}
{{ printf "%s.%s" (sha256sum . | trunc 8) (base .) }}
{{- end }}

{{/* What the service's pods have in common, the migration's too: list of the root, the ConfigMap of its files, and with storage or not. */}}
{{- define "service.pod" -}}
{{- $root := index . 0 -}}
{{- $files := index . 1 -}}
{{- $storage := index . 2 -}}
{{- $values := $root.Values -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- include "service.podSecurity" $values.user | nindent 2 }}
{{- with $values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- if or $values.files $values.secretFiles $values.temporary $storage }}
volumes:
{{- if $values.files }}
  - { name: files, configMap: { name: {{ $files }} } }
{{- end }}
{{- range $index, $folder := keys $values.secretFiles | sortAlpha }}
  - { name: secret-{{ $index }}, secret: { secretName: {{ get $values.secretFiles $folder }} } }
{{- end }}
{{- if $values.temporary }}
  - { name: temporary, emptyDir: {} }
{{- end }}
{{- if $storage }}
  - { name: storage, persistentVolumeClaim: { claimName: {{ $root.Release.Name }} } }
{{- end }}
{{- end }}
{{- end }}

{{/* What its containers have in common: list of the root, and with storage or not. */}}
{{- define "service.container" -}}
{{- $root := index . 0 -}}
{{- $storage := index . 1 -}}
{{- with $root.Values -}}
image: {{ include "service.image" .image | quote }}
imagePullPolicy: {{ .image.pullPolicy | default "IfNotPresent" }}
securityContext: {{- include "service.containerSecurity" .readOnlyRootFilesystem | nindent 2 }}
{{- with include "service.environment" $root | trim }}
env: {{- . | nindent 2 }}
{{- end }}
{{- with .secretsFrom }}
envFrom:
{{- range . }}
  - secretRef: { name: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if or .files .secretFiles .temporary $storage }}
volumeMounts:
{{- range $path, $text := .files }}
  - { name: files, mountPath: {{ $path }}, subPath: {{ include "service.fileKey" $path }}, readOnly: true }
{{- end }}
{{- range $index, $folder := keys .secretFiles | sortAlpha }}
  - { name: secret-{{ $index }}, mountPath: {{ $folder }}, readOnly: true }
{{- end }}
{{- range $index, $folder := .temporary }}
  - { name: temporary, mountPath: {{ $folder }}, subPath: folder-{{ $index }} }
{{- end }}
{{- if $storage }}
  - { name: storage, mountPath: {{ .storage.path }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
