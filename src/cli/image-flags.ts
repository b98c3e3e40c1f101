import { string } from '@oclif/core/flags';

/** Flags about where images come from that a whole cluster may have, under Mesos' names and one of Plenum's own. */
export const registryFlags = () => ({
  containerizers: string({
    description:
      'What runs containers: mesos is the agent itself, docker,mesos a container engine for those of type DOCKER; default: mesos',
    helpValue: 'LIST',
  }),
  docker_config: string({
    description: 'A docker config.json with logins for registries, or itself as JSON',
    helpValue: 'FILE',
  }),
  docker_registry: string({
    description:
      'Where images without a host come from: a URL, or a folder of files REPOSITORY:TAG.tar; default: https://registry-1.docker.io',
    helpValue: 'URL',
  }),
  'insecure-registries': string({
    description: 'A registry, HOST or HOST:PORT, that may be asked without TLS; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'HOST',
  }),
});

/** Flags of an agent about images, the container engine and the fetcher, under Mesos' names. */
export const imageFlags = () => ({
  ...registryFlags(),
  docker_store_dir: string({
    description: 'Folder of unpacked images, of one agent alone; default: in its work folder',
    helpValue: 'FOLDER',
  }),
  image_gc_config: string({
    description: 'When unused images go: {"image_disk_headroom":0.1,"excluded_images":[…]}',
    helpValue: 'JSON',
  }),
  image_provisioner_backend: string({
    description: 'How root folders are made of layers; default: auto, which is overlay where it can be had',
    helpValue: 'auto|overlay|copy',
  }),
  docker_socket: string({
    description: 'Socket of the container engine; default: /var/run/docker.sock',
    helpValue: 'FILE',
  }),
  docker_remove_delay: string({
    description: 'How long a container stays at the engine after its end; default: 6hrs',
    helpValue: 'DURATION',
  }),
  docker_kill_orphans: string({
    description: 'End containers at the engine that are not known any more; default: true',
    helpValue: 'true|false',
  }),
  fetcher_cache_dir: string({
    description: 'Folder of files that URIs with cache share',
    helpValue: 'FOLDER',
  }),
  fetcher_cache_size: string({ description: 'How large it may get; default: 2GB', helpValue: 'BYTES' }),
  fetcher_stall_timeout: string({
    description: 'A download that brings nothing for so long fails; default: 1mins',
    helpValue: 'DURATION',
  }),
  frameworks_home: string({ description: 'Where relative paths of URIs begin', helpValue: 'FOLDER' }),
});
