/** What objects within others have from their descriptors ([MS-DTYP] 2.5.3.4). */
import {
  type Ace,
  aceFlags,
  type Acl,
  controlBits,
  type SecurityDescriptor,
} from "./descriptor.ts";

/** The descriptor of a container within another one, as long as it has none of its own. */
export function inheritedDescriptor(parent: SecurityDescriptor): SecurityDescriptor {
  const { owner, group, dacl, sacl, control } = parent;
  const { daclPresent, daclAutoInherited } = controlBits;
  return {
    control: (control & daclPresent) | daclAutoInherited,
    owner,
    group,
    dacl: dacl && inheritList(dacl),
    sacl: sacl && inheritList(sacl),
    resourceManager: 0,
  };
}

function inheritList({ revision, aces }: Acl): Acl {
  const { containerInherit, objectInherit, inheritOnly, noPropagate, inherited } = aceFlags;
  const passedOn = aces.filter(({ flags }) => (flags & containerInherit) !== 0);
  const own = (ace: Ace): Ace => {
    const ends = (ace.flags & noPropagate) !== 0;
    const dropped = inheritOnly | (ends ? containerInherit | objectInherit | noPropagate : 0);
    return { ...ace, flags: (ace.flags & ~dropped) | inherited };
  };
  return { revision, aces: passedOn.map(own) };
}
