/** A plugin that gives modules which no file holds their contents, by their names. */
export function virtualModules(name, contents, resolveDir) {
  return {
    name,
    setup(builder) {
      builder.onResolve({ filter: /^plenum:/ }, ({ path }) =>
        path in contents ? { path, namespace: name } : undefined,
      );
      builder.onLoad({ filter: /.*/, namespace: name }, ({ path }) => ({
        contents: contents[path],
        resolveDir,
        loader: 'js',
      }));
    },
  };
}

/** An object in JavaScript whose members are made when they are asked for. */
export function gettersOf(members) {
  const getters = Object.entries(members).map(
    ([name, expression]) => `  get ${JSON.stringify(name)}() { return ${expression}; },`,
  );
  return `{\n${getters.join('\n')}\n}`;
}

export const requireOf = (path) => `require(${JSON.stringify(path)})`;
