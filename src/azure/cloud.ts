/** One of Microsoft's clouds: where Resource Manager answers and where tokens come from. */
export type Cloud = { readonly host: string; readonly authorityHost: string };

export const clouds = {
  public: { host: "management.azure.com", authorityHost: "https://login.microsoftonline.com" },
  usgov: { host: "management.usgovcloudapi.net", authorityHost: "https://login.microsoftonline.us" },
  china: { host: "management.chinacloudapi.cn", authorityHost: "https://login.chinacloudapi.cn" },
} satisfies Record<string, Cloud>;

export type CloudName = keyof typeof clouds;

/** Whether a URL leads to Resource Manager of this cloud, at its own host or at a regional one. */
export function isResourceManager(cloud: Cloud, url: URL): boolean {
  const regional = url.hostname.endsWith(`.${cloud.host}`) && /^[a-z0-9]+$/.test(url.hostname.slice(0, -cloud.host.length - 1));
  return url.protocol === "https:" && url.port === "" && (url.hostname === cloud.host || regional);
}
