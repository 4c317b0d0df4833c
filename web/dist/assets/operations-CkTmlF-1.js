import{h as e}from"./format-cFvtp_iO.js";var t=e(`
  fragment Thin on Image {
    id version status stage failure failureMessage filename bytes width height placeholder createdAt deletedAt
    capture { takenAt offset }
  }
`),n=e(`
    fragment Drawn on Image {
      ...Thin
      renditions { name url width height expiresAt }
    }
  `,[t]),r=e(`query FirstPage { images(first: 60) { edges { node { ...Drawn } } pageInfo { hasNextPage endCursor } } }`,[n]),i=e(`query NextPage($after: String!) {
    images(first: 100, after: $after) { edges { node { ...Thin } } pageInfo { hasNextPage endCursor } }
  }`,[t]),a=e(`
  query Changes($after: Int!, $first: Int!) {
    changes(after: $after, first: $first) {
      events { owner id seq version status stage failure width height placeholder deletedAt at }
      head
      startOver
    }
  }
`);e(`query DrawnImage($id: ID!) { image(id: $id) { ...Drawn } }`,[n]);var o=e(`mutation Delete($id: ID!) { deleteImage(id: $id) { ...Thin } }`,[t]),s=e(`mutation Restore($id: ID!) { restoreImage(id: $id) { ...Thin } }`,[t]),c=e(`mutation Retry($id: ID!) { retryImage(id: $id) { ...Thin } }`,[t]),l=e(`mutation Purge($id: ID!) { purgeImage(id: $id) { id } }`);export{i as a,c,r as i,t as l,o as n,l as o,n as r,s,a as t};