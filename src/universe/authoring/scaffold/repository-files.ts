/** The files of a new repository by their path: a folder for packages, and how to go on. */
export const repositoryFiles = (name: string): Readonly<Record<string, string>> => ({
  'repo/packages/.gitkeep': '',
  '.gitignore': 'target/\n',
  'README.md': `# ${name}

A repository of packages.

    plenum universe new my-service     a package that works, to be changed
    plenum universe lint               everything that is wrong, with its place
    plenum universe render my-service  the app that an installation would start
    plenum universe test               what is kept in the packages' tests/, compared
    plenum universe serve              this repository for a cluster, anew with every change
    plenum universe build target       files for any web server

Packages lie in repo/packages/LETTER/NAME/REVISION. A revision is never changed once it was released: what changes gets
the next number, and the highest one is installed by default.
`,
});
