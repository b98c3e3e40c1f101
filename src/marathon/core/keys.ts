/** Keys of the store. Ids of apps are encoded, so that their slashes are not taken for levels. */
export const FRAMEWORK_KEY = 'framework';
export const ROOT_KEY = 'root';

export const groupKey = (id: string): string => `groups/${encodeURIComponent(id)}`;
/** Holds the version at which an app is in the root group. */
export const rootAppKey = (appId: string): string => `root-apps/${encodeURIComponent(appId)}`;
export const appVersionsKey = (appId: string): string => `apps/${encodeURIComponent(appId)}/`;
export const appKey = (appId: string, version: string): string => `${appVersionsKey(appId)}${version}`;
export const rootHistoryKey = (version: string): string => `roots/${version}`;
export const instanceKey = (id: string): string => `instances/${id}`;
/** Of what is still reserved for an instance that is no more. */
export const releaseKey = (instanceId: string): string => `releases/${instanceId}`;
export const deploymentKey = (id: string): string => `deployments/${id}`;
export const endedDeploymentKey = (id: string): string => `ended-deployments/${id}`;
export const failureKey = (appId: string): string => `failures/${encodeURIComponent(appId)}`;

/** How instances of a pod ended. */
export const podEndingsKey = (podId: string): string => `pod-endings/${encodeURIComponent(podId)}`;

/** The id of the app in a key that has it as its second part. */
export const appIdOfKey = (key: string): string => decodeURIComponent(key.split('/')[1] ?? '');

/** The store refuses keys of over 1900 bytes; ids, three times as long when encoded, must stay well below. */
export const LONGEST_ID = 500;
