/**
 * The pieces of configuration that an app may word itself, by the name of the label (`HAPROXY_{n}_NAME`, marathon.md 4.1),
 * and what they are by themselves. `{field}` stands for a value; `\n` in a label begins a line.
 */
export const TEMPLATES = {
  FRONTEND_HEAD: 'frontend {backend}\n  bind {bindAddr}:{servicePort}{sslCert}{bindOptions}\n  mode {mode}\n',
  FRONTEND_BACKEND_GLUE: '  use_backend {backend}\n',
  HTTP_FRONTEND_ACL: '  use_backend {backend} if { {hostTest} }\n',
  HTTP_FRONTEND_ACL_WITH_PATH: '  use_backend {backend} if { {hostTest} } { path_beg {path} }\n',
  HTTPS_FRONTEND_ACL: '  use_backend {backend} if { {hostTest} }\n',
  HTTPS_FRONTEND_ACL_WITH_PATH: '  use_backend {backend} if { {hostTest} } { path_beg {path} }\n',
  HTTP_FRONTEND_APPID_ACL: '  use_backend {backend} if { hdr(x-marathon-app-id) -i {appId} }\n',
  BACKEND_HEAD: 'backend {backend}\n  balance {balance}\n  mode {mode}\n',
  // A server that ends takes requests along that it has not answered; those that change nothing are sent to another one.
  BACKEND_HTTP_OPTIONS:
    '  retry-on conn-failure empty-response\n' +
    '  http-request disable-l7-retry unless { method GET HEAD OPTIONS }\n' +
    '  option forwardfor\n' +
    '  http-request set-header X-Forwarded-Host %[req.hdr(Host)]\n' +
    '  http-request set-header X-Forwarded-Port %[dst_port]\n' +
    '  http-request set-header X-Forwarded-Proto https if { ssl_fc }\n',
  BACKEND_HSTS_OPTIONS:
    '  http-response set-header Strict-Transport-Security "max-age=15768000" if { ssl_fc }\n',
  BACKEND_STICKY_OPTIONS: '  cookie mesosphere_server_id insert indirect nocache\n',
  BACKEND_HTTP_HEALTHCHECK_OPTIONS:
    '  option httpchk GET {healthCheckPath}\n  timeout check {healthCheckTimeoutSeconds}s\n',
  BACKEND_TCP_HEALTHCHECK_OPTIONS: '  timeout check {healthCheckTimeoutSeconds}s\n',
  BACKEND_SERVER_OPTIONS:
    '  server {serverName} {host}:{port}{cookieOptions}{healthCheckOptions}{otherOptions}\n',
  BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS:
    ' check inter {healthCheckIntervalSeconds}s fall {healthCheckFalls}{healthCheckPortOptions}',
  BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS:
    ' check inter {healthCheckIntervalSeconds}s fall {healthCheckFalls}{healthCheckPortOptions}',
} as const;

export type TemplateName = keyof typeof TEMPLATES;
export type Templates = Readonly<Record<TemplateName, string>>;

/**
 * Puts values in; a field that is not known stays as it is, as HAProxy's own braces do. Those may be doubled, as marathon-lb
 * wants them.
 */
export const fillTemplate = (template: string, fields: Readonly<Record<string, string | number>>): string =>
  template.replaceAll('\\n', '\n').replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name?: string) => {
    if (name === undefined) return whole.slice(1);
    return Object.hasOwn(fields, name) ? String(fields[name]) : whole;
  });
