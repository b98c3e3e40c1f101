import { type PackageDefinition, safeImage, safeLink } from '../model/packages.ts';
import { Facts } from '../view/facts.tsx';

/** What a package says of itself. Its texts stay text, and its links lead nowhere but to the web. */
export const PackageFacts = ({ definition }: { definition: PackageDefinition }) => {
  const { description, maintainer, website, scm, licenses = [], tags = [], resource } = definition;
  const image = safeImage(resource?.images);
  return (
    <>
      <p>
        {image === undefined ? null : <img src={image} alt="" width="48" height="48" />} {description}
      </p>
      <Facts
        facts={[
          ['Maintainer', maintainer],
          ['Website', website && <WebLink key="website" url={website} />],
          ['Source', scm && <WebLink key="source" url={scm} />],
          [
            'Licences',
            licenses.map(({ name, url }) => (
              <span key={name}>
                <WebLink url={url} text={name} />{' '}
              </span>
            )),
          ],
          ['Tags', tags.join(', ')],
        ]}
      />
    </>
  );
};

const WebLink = ({ url, text = url }: { url: string | undefined; text?: string | undefined }) => {
  const safe = safeLink(url);
  return safe === undefined ? (
    <span>{text}</span>
  ) : (
    <a href={safe} rel="noreferrer noopener" target="_blank">
      {text}
    </a>
  );
};
