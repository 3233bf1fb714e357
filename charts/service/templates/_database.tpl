{{/*
A database of the release's own: one pod with a volume, and its Service. A dict of the root, the component, its name and port, its
values as "of", and its container as "main".
*/}}
{{- define "service.database" -}}
{{- $root := .root -}}
{{- $about := list $root .component -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels: {{- include "service.labels" $about | nindent 4 }}
  annotations: {{- include "service.wave" -2 | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "service.selector" $about | nindent 4 }}
  ports:
    - { name: {{ .component }}, port: {{ .port }}, targetPort: {{ .component }}, protocol: TCP }
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels: {{- include "service.labels" $about | nindent 4 }}
  annotations: {{- include "service.wave" -2 | nindent 4 }}
spec:
  serviceName: {{ .name }}
  replicas: 1
  revisionHistoryLimit: 2
  selector:
    matchLabels: {{- include "service.selector" $about | nindent 6 }}
  # The volume outlives the release: who wants it gone deletes the claim.
  persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: Retain }
  template:
    metadata:
      labels: {{- include "service.selector" $about | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 60
      securityContext: {{- include "service.podSecurity" 999 | nindent 8 }}
      {{- with .of.image.pullSecrets }}
      imagePullSecrets:
      {{- range . }}
        - name: {{ . }}
      {{- end }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "service.image" .of.image | quote }}
          imagePullPolicy: {{ .of.image.pullPolicy | default "IfNotPresent" }}
          securityContext: {{- include "service.containerSecurity" true | nindent 12 }}
          ports:
            - { name: {{ .component }}, containerPort: {{ .port }} }
          {{- .main | nindent 10 }}
          resources: {{- toYaml (.of.resources | default (dict "requests" (dict "cpu" "10m" "memory" "128Mi") "limits" (dict "memory" "512Mi"))) | nindent 12 }}
      volumes:
        - { name: temporary, emptyDir: {} }
        {{- if not .of.storage }}
        - { name: data, emptyDir: {} }
        {{- end }}
  {{- with .of.storage }}
  volumeClaimTemplates:
    - metadata:
        name: data
        labels: {{- include "service.selector" $about | nindent 10 }}
      spec: {{- include "service.claim" . | nindent 8 }}
  {{- end }}
{{- end }}
