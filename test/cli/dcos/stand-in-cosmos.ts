import { type Answer, type Part, parsedBody, type StoredAnswers } from './answers.ts';

const ok = (operation: string, body: unknown, version = 'v1'): Answer => ({
  body,
  type: `application/vnd.dcos.package.${operation}-response+json;charset=utf-8;version=${version}`,
});

const failed = (status: number, type: string, message: string, data: unknown = {}): Answer => ({
  status,
  body: { type, message, data },
  type: 'application/vnd.dcos.package.error+json;charset=utf-8;version=v1',
});

/** Cosmos, which keeps what is installed and its repositories. */
export const cosmosPart = ({ packages }: StoredAnswers): Part => {
  const installed: { appId: string; name: string }[] = [];
  const repositories = [{ name: 'Universe', uri: 'https://universe.mesosphere.com/repo' }];

  const uninstall = (name: string, appId: unknown, isAll: unknown): Answer => {
    const found = installed.filter((one) => one.name === name && (!appId || one.appId === appId));
    if (found.length === 0) return failed(400, 'PackageNotInstalled', `Package [${name}] is not installed`);
    if (found.length > 1 && !isAll) {
      const ids = found.map((one) => one.appId).join(', ');
      return failed(400, 'AmbiguousAppId', `Multiple apps named [${name}] are installed: [${ids}]`);
    }
    for (const one of found) installed.splice(installed.indexOf(one), 1);
    return ok('uninstall', {
      results: found.map((one) => ({
        appId: one.appId,
        packageName: name,
        packageVersion: packages[name]?.version,
        postUninstallNotes: 'POSTUN',
      })),
    });
  };

  const search = (query: unknown): Answer => {
    const { name, version, description } = packages['hello-world'] ?? {};
    const found = {
      name,
      currentVersion: version,
      versions: { '2.1.0-0.31.2': '5' },
      description,
      framework: true,
      selected: true,
      tags: ['hello'],
      images: {},
    };
    return ok('search', { packages: 'hello-world'.includes(String(query ?? '')) ? [found] : [] });
  };

  return (asked) => {
    if (!asked.path.startsWith('/package/')) return undefined;
    const {
      packageName,
      packageVersion,
      appId,
      all,
      query,
      uri,
      index,
      name: repository,
    } = parsedBody(asked);
    const name = String(packageName);
    const found = packages[name];
    const id = String(appId ?? `/${name}`);
    switch (asked.path) {
      case '/package/describe':
        if (!found) {
          return failed(400, 'PackageNotFound', `Package [${name}] not found`, { packageName: name });
        }
        return packageVersion && packageVersion !== found.version
          ? failed(400, 'VersionNotFound', `Version [${packageVersion}] of package [${name}] not found`)
          : ok('describe', { package: found }, 'v3');
      case '/package/list-versions':
        return ok('list-versions', { results: { '2.1.0-0.31.2': '5', '2.0.0': '4' } });
      case '/package/render':
        return ok('render', { marathonJson: { id: appId ?? '/hello-world', cmd: 'x' } });
      case '/package/install':
        if (installed.some((one) => one.appId === id)) {
          return failed(409, 'PackageAlreadyInstalled', 'Package is already installed');
        }
        installed.push({ appId: id, name });
        return ok('install', {
          packageName: name,
          packageVersion: found?.version,
          appId: id,
          postInstallNotes: 'POST',
        });
      case '/package/list':
        return ok('list', {
          packages: installed.map((one) => ({
            appId: one.appId,
            packageInformation: { packageDefinition: packages[one.name] },
          })),
        });
      case '/package/uninstall':
        return uninstall(name, appId, all);
      case '/package/search':
        return search(query);
      case '/package/repository/list':
        return ok('repository.list', { repositories });
      case '/package/repository/add':
        if (repositories.some((one) => one.name === repository)) {
          const message = `Repository name [${repository}] is already present in the list`;
          return failed(400, 'RepositoryAlreadyPresent', message);
        }
        repositories.splice(Number(index ?? repositories.length), 0, {
          name: String(repository),
          uri: String(uri),
        });
        return ok('repository.add', { repositories });
      case '/package/repository/delete': {
        const at = repositories.findIndex((one) => one.name === repository);
        if (at < 0) {
          const message = `Neither repository name [${repository}] nor URI [None] are present in the list`;
          return failed(400, 'RepositoryNotPresent', message);
        }
        repositories.splice(at, 1);
        return ok('repository.delete', { repositories });
      }
      default:
        return { status: 404 };
    }
  };
};
