import{a as e}from"./rolldown-runtime-BWaJ3C7D.js";import{_ as t,a as n,c as r,d as i,f as a,g as o,h as s,i as c,l,m as u,n as d,o as f,p,r as m,s as h,t as g,u as _,v}from"./libraries-CNCQGu9D.js";var y=e(t(),1),b=i();function x({graphql:e,cognito:t}){let{userPoolId:n,clientId:r,endpoint:i,region:a}=t;c.configure({Auth:{Cognito:{userPoolId:n,userPoolClientId:r,...i&&{userPoolEndpoint:i}}},API:{GraphQL:{endpoint:e,region:a,defaultAuthMode:`userPool`}}})}function S({realtime:e}){let t=e.replace(/^http:/,`HTTP:`);return{api:m(),realtime:m({endpoint:t,authMode:`userPool`})}}async function C(){let e=await fetch(`/config.json`,{cache:`no-cache`});if(!e.ok)throw Error(`/config.json answered ${e.status}`);return w(await e.json())}function w(e){let t=T(e,`the configuration`),n=T(t.cognito,`cognito`);for(let e of[`graphql`,`realtime`])E(t[e],e);n.endpoint&&E(n.endpoint,`cognito.endpoint`);for(let e of[`region`,`userPoolId`,`clientId`])if(typeof n[e]!=`string`||n[e]===``)throw Error(`cognito.${e} is missing`);return t}function T(e,t){if(typeof e!=`object`||!e||Array.isArray(e))throw Error(`${t} is not an object`);return e}function E(e,t){let{protocol:n}=new URL(typeof e==`string`?e:``,`nothing:`);if(n!==`https:`&&n!==`http:`)throw Error(`${t} is not an address`)}var D=e=>[`id seq version at`,`status stage failure`,`width height deletedAt`].join(`\n${e}`),O=[{query:`# Who you are, what you keep, and what you may.
# Ctrl-Enter runs it.
query Me {
  me {
    id
    usage { images bytes inFlight }
    quota { images bytes inFlight }
  }
}
`},{query:`# Run it and leave it running. Then press the
# arrow beside the editor: "Send a picture".
# This is AppSync's own realtime protocol.
subscription Live {
  imageEvents {
    ${D(`    `)}
  }
}
`},{query:`# Your pictures, the newest first. The next
# page comes after the endCursor of this one.
query Gallery($first: Int, $after: String) {
  images(first: $first, after: $after) {
    edges {
      node {
        id
        filename
        status
        width
        height
        placeholder
        renditions { name width height url }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,variables:JSON.stringify({first:5},null,2)},{query:`# Everything about one. The playground puts
# your newest picture's id for "newest".
query Picture($id: ID!) {
  image(id: $id) {
    id
    version
    status
    stage
    failure
    failureMessage
    filename
    bytes
    format
    width
    height
    profile
    capture {
      takenAt offset make model lens
      exposure aperture iso focalLength
      location { latitude longitude }
    }
    description { title caption keywords rating }
    looks { colours hash sharpness quality }
    renditions { name width height bytes url }
    original { url expiresAt }
  }
}
`,variables:JSON.stringify({id:`newest`},null,2)},{query:`# Pictures that look like it, the nearest first.
query Similar($id: ID!) {
  similarImages(id: $id, first: 10) {
    distance
    image { id filename looks { quality } }
  }
}
`,variables:JSON.stringify({id:`newest`},null,2)},{query:`# What happened, without a gap: what a client
# asks when its socket was down.
query Changes($after: Int!) {
  changes(after: $after, first: 20) {
    head
    startOver
    events {
      ${D(`      `)}
    }
  }
}
`,variables:JSON.stringify({after:0},null,2)},{query:`# Announces a picture and has its upload signed.
# Its bytes would now go to the url.
mutation Announce {
  createUpload(
    filename: "example.jpg"
    contentType: "image/jpeg"
    bytes: 3
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  ) {
    __typename
    ... on UploadTarget {
      image { id status }
      url method headers { name value } expiresAt
    }
    ... on AlreadyHave { image { id status } }
  }
}
`},{query:`# Into the trash, and out again: the button that runs it
# asks which.
mutation Restore($id: ID!) {
  restoreImage(id: $id) { id filename deletedAt purgeAt }
}

mutation Delete($id: ID!) {
  deleteImage(id: $id) { id filename deletedAt purgeAt }
}
`,variables:JSON.stringify({id:`newest`},null,2)},{query:`# What developing everything again would take.
# With dryRun: false it begins.
mutation Reprocess {
  reprocessImages(filter: { status: READY }) {
    state images seconds cost
  }
}
`}];async function k(e){let t=await j();return t||!e.user||!e.password?t:(f.setKeyValueStorage(r),await j()??await A(e.user,e.password))}async function A(e,t){let{isSignedIn:r,nextStep:i}=await n({username:e,password:t});if(!r)throw Error(`Sign in to the web client first: it wants ${i.signInStep}.`);return j()}async function j(){let{tokens:e}=await h();return e&&String(e.idToken?.payload.email??e.accessToken.payload.sub)}async function M(){let{tokens:e}=await h();if(!e)throw Error(`You are signed out. Load the page again.`);return e.accessToken.toString()}function N(e){let{realtime:t}=S(e),n=async t=>{let n={"content-type":`application/json`,authorization:await M()};return await(await fetch(e.graphql,{method:`POST`,headers:n,body:JSON.stringify(t)})).json()};return async e=>{let r=I(e),i=await L(n,e.variables??{});if(r?.operation!==`subscription`){let t=await n({query:e.query,variables:i,operationName:r?.name?.value});return P(t)?{data:await F()}:t}return t.graphql({query:e.query,variables:i})}}function P({errors:e}){let[t]=e??[];return t?.extensions?.code===`INTROSPECTION_DISABLED`}async function F(){let{default:e}=await a(async()=>{let{default:e}=await import(`./schema-dmHgqcWA.js`);return{default:e}},[]);return u(p(e))}function I({query:e,operationName:t}){let n;try{n=o(e)}catch{return null}return s(n,t)??s(n)}async function L(e,t){if(t.id!==`newest`)return t;let{data:n}=await e({query:`{ images(first: 1) { edges { node { id } } } }`}),r=n?.images.edges[0];if(!r)throw Error(`There is no picture yet. Send one: the button is beside the editor.`);return{...t,id:r.node.id}}var R=`/playground/assets/icon-BIE65M2S.svg`,z=`mutation Send($filename: String!, $bytes: Int!, $sha256: String!) {
  createUpload(filename: $filename, contentType: "image/jpeg", bytes: $bytes, sha256: $sha256) {
    ... on UploadTarget { url method headers { name value } image { id } }
    ... on AlreadyHave { image { id } }
  }
}`;async function B({graphql:e}){let t=new Uint8Array(await(await V()).arrayBuffer()),n=`playground ${new Date().toISOString().slice(11,19)}.jpg`,r=await fetch(e,{method:`POST`,headers:{"content-type":`application/json`,authorization:await M()},body:JSON.stringify({query:z,variables:{filename:n,bytes:t.length,sha256:d(g(t))}})}),{data:i,errors:a}=await r.json();if(!i||a)throw Error(a?.[0]?.message??`the API answered ${r.status}`);let{url:o,method:s,headers:c}=i.createUpload;if(!o||!s||!c)return n;let l=await fetch(o,{method:s,headers:Object.fromEntries(c.map(({name:e,value:t})=>[e,t])),body:t}),u=await l.text();if(!l.ok)throw Error(`S3 answered ${l.status}: ${u}`);return n}async function V(){let e=new OffscreenCanvas(1200,800),t=e.getContext(`2d`),n=Math.random()*360,r=t.createLinearGradient(0,0,0,800);return r.addColorStop(0,`hsl(${n} 70% 30%)`),r.addColorStop(1,`hsl(${n+60} 80% 75%)`),t.fillStyle=r,t.fillRect(0,0,1200,800),t.fillStyle=`hsl(45 100% 85%)`,t.beginPath(),t.arc(200+Math.random()*800,150+Math.random()*400,90,0,2*Math.PI),t.fill(),e.convertToBlob({type:`image/jpeg`,quality:.9})}var H=v();function U({config:e,name:t}){let[n]=(0,y.useState)(()=>N(e)),[r,i]=(0,y.useState)(``),a=()=>{i(`Sending a picture …`),B(e).then(e=>i(`Sent ${e}`),e=>i(`Not sent: ${e.message}`))};return(0,H.jsxs)(l,{fetcher:n,defaultTabs:O,isHeadersEditorEnabled:!1,defaultEditorToolsVisibility:`variables`,children:[(0,H.jsx)(l.Logo,{children:(0,H.jsx)(`a`,{href:`/`,children:`Darkroom`})}),(0,H.jsx)(l.Toolbar,{children:({prettify:e,copy:t,merge:n})=>(0,H.jsxs)(H.Fragment,{children:[(0,H.jsx)(_,{label:`Send a picture`,onClick:a,children:(0,H.jsx)(W,{})}),e,n,t]})}),(0,H.jsx)(l.Footer,{children:(0,H.jsxs)(`p`,{className:`footer`,role:`status`,children:[(0,H.jsxs)(`span`,{children:[`Signed in as `,t]}),` `,(0,H.jsx)(`span`,{children:r})]})})]})}function W(){return(0,H.jsx)(`svg`,{className:`graphiql-toolbar-icon`,viewBox:`0 0 20 20`,fill:`none`,stroke:`currentColor`,strokeWidth:`1.500`,"aria-hidden":`true`,children:(0,H.jsx)(`path`,{d:`M10 13V3M6 7l4-4 4 4M3 12v5h14v-5`})})}function G({enter:e}){let[t,n]=(0,y.useState)(``),[r,i]=(0,y.useState)(!1);return(0,H.jsxs)(`form`,{className:`notice`,onSubmit:t=>{t.preventDefault();let r=new FormData(t.currentTarget);i(!0),e(String(r.get(`name`)),String(r.get(`password`))).catch(e=>n(e.message)).finally(()=>i(!1))},children:[(0,H.jsxs)(`h1`,{children:[(0,H.jsx)(`img`,{src:R,alt:``}),` Playground`]}),(0,H.jsx)(`p`,{children:`Ask Darkroom’s GraphQL API as yourself.`}),(0,H.jsxs)(`label`,{children:[`E-mail address `,(0,H.jsx)(`input`,{name:`name`,type:`email`,autoComplete:`username`,required:!0})]}),(0,H.jsxs)(`label`,{children:[`Password `,(0,H.jsx)(`input`,{name:`password`,type:`password`,autoComplete:`current-password`,required:!0})]}),(0,H.jsx)(`button`,{disabled:r,children:`Sign in`}),(0,H.jsx)(`p`,{role:`alert`,children:t})]})}function K({config:e,known:t}){let[n,r]=(0,y.useState)(t);return n?(0,H.jsx)(U,{config:e,name:n}):(0,H.jsx)(G,{enter:async(...e)=>r(await A(...e))})}async function q(){let e=(0,b.createRoot)(document.getElementById(`root`));try{let t=await C();x(t);let n=await k(t);e.render((0,H.jsx)(y.StrictMode,{children:(0,H.jsx)(K,{config:t,known:n})}))}catch(t){e.render((0,H.jsxs)(`p`,{className:`notice`,role:`alert`,children:[`The playground cannot start: `,String(t)]}))}}q();