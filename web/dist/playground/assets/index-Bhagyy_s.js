import{a as e}from"./rolldown-runtime-BWaJ3C7D.js";import{a as t,c as n,d as r,f as i,h as a,i as o,l as s,m as c,n as l,o as u,p as d,r as f,s as p,t as m,u as h}from"./libraries-CxEgnnMO.js";var g=e(c(),1),_=r();function v({graphql:e,cognito:t}){let{userPoolId:n,clientId:r,endpoint:i,region:a}=t;o.configure({Auth:{Cognito:{userPoolId:n,userPoolClientId:r,...i&&{userPoolEndpoint:i}}},API:{GraphQL:{endpoint:e,region:a,defaultAuthMode:`userPool`}}})}function y({realtime:e}){let t=e.replace(/^http:/,`HTTP:`);return{api:f(),realtime:f({endpoint:t,authMode:`userPool`})}}async function b(){let e=await fetch(`/config.json`,{cache:`no-cache`});if(!e.ok)throw Error(`/config.json answered ${e.status}`);return x(await e.json())}function x(e){let t=S(e,`the configuration`),n=S(t.cognito,`cognito`);for(let e of[`graphql`,`realtime`])C(t[e],e);n.endpoint&&C(n.endpoint,`cognito.endpoint`);for(let e of[`region`,`userPoolId`,`clientId`])if(typeof n[e]!=`string`||n[e]===``)throw Error(`cognito.${e} is missing`);return t}function S(e,t){if(typeof e!=`object`||!e||Array.isArray(e))throw Error(`${t} is not an object`);return e}function C(e,t){let{protocol:n}=new URL(typeof e==`string`?e:``,`nothing:`);if(n!==`https:`&&n!==`http:`)throw Error(`${t} is not an address`)}var w=`id seq version status stage failure width height deletedAt at`,T=[{query:`# Who you are, what you keep, and what you may.
# Ctrl-Enter runs it.
query Me {
  me {
    id
    usage { images bytes inFlight }
    quota { images bytes inFlight }
  }
}
`},{query:`# Run it, leave it running, and press "Send a picture"
# (the arrow beside the editor).
# It speaks AppSync's realtime protocol, here as on AWS.
subscription Live {
  imageEvents {
    ${w}
  }
}
`},{query:`# Your pictures, the newest first. The next page comes
# after the endCursor of this one.
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
`,variables:JSON.stringify({first:5},null,2)},{query:`# Everything about one. Where the variables say "newest",
# the playground puts the id of your newest picture.
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
    capture { takenAt offset make model lens exposure aperture iso focalLength location { latitude longitude } }
    description { title caption keywords rating }
    looks { colours hash sharpness exposure quality }
    renditions { name width height bytes contentType url expiresAt }
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
`,variables:JSON.stringify({id:`newest`},null,2)},{query:`# What happened, without a gap: what a client asks when
# its socket was down.
query Changes($after: Int!) {
  changes(after: $after, first: 20) {
    head
    startOver
    events { ${w} }
  }
}
`,variables:JSON.stringify({after:0},null,2)},{query:`# Announces a picture and has its upload signed. Its bytes
# would now go to the url; of this one they never come.
mutation Announce {
  createUpload(
    filename: "example.jpg"
    contentType: "image/jpeg"
    bytes: 3
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  ) {
    __typename
    ... on UploadTarget { image { id status } url method headers { name value } expiresAt }
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
  reprocessImages(filter: { status: READY }, dryRun: true) { state images seconds cost }
}
`}];async function E(e){let t=await O();return t||!e.user||!e.password?t:(u.setKeyValueStorage(n),await O()??await D(e.user,e.password))}async function D(e,n){let{isSignedIn:r,nextStep:i}=await t({username:e,password:n});if(!r)throw Error(`Sign in to the web client first: it wants ${i.signInStep}.`);return O()}async function O(){let{tokens:e}=await p();return e&&String(e.idToken?.payload.email??e.accessToken.payload.sub)}async function k(){let{tokens:e}=await p();if(!e)throw Error(`You are signed out. Load the page again.`);return e.accessToken.toString()}function A(e){let{realtime:t}=y(e),n=async t=>{let n={"content-type":`application/json`,authorization:await k()};return await(await fetch(e.graphql,{method:`POST`,headers:n,body:JSON.stringify(t)})).json()};return async e=>{let r=j(e),i=await M(n,e.variables??{});return r?.operation===`subscription`?t.graphql({query:e.query,variables:i}):n({query:e.query,variables:i,operationName:r?.name?.value})}}function j({query:e,operationName:t}){let n;try{n=d(e)}catch{return null}return i(n,t)??i(n)}async function M(e,t){if(t.id!==`newest`)return t;let{data:n}=await e({query:`{ images(first: 1) { edges { node { id } } } }`}),r=n?.images.edges[0];if(!r)throw Error(`There is no picture yet. Send one: the button is beside the editor.`);return{...t,id:r.node.id}}var N=`mutation Send($filename: String!, $bytes: Int!, $sha256: String!) {
  createUpload(filename: $filename, contentType: "image/jpeg", bytes: $bytes, sha256: $sha256) {
    ... on UploadTarget { url method headers { name value } image { id } }
    ... on AlreadyHave { image { id } }
  }
}`;async function P({graphql:e}){let t=new Uint8Array(await(await F()).arrayBuffer()),n=`playground ${new Date().toISOString().slice(11,19)}.jpg`,r=await fetch(e,{method:`POST`,headers:{"content-type":`application/json`,authorization:await k()},body:JSON.stringify({query:N,variables:{filename:n,bytes:t.length,sha256:l(m(t))}})}),{data:i,errors:a}=await r.json();if(!i||a)throw Error(a?.[0]?.message??`the API answered ${r.status}`);let{url:o,method:s,headers:c}=i.createUpload;if(!o||!s||!c)return n;let u=await fetch(o,{method:s,headers:Object.fromEntries(c.map(({name:e,value:t})=>[e,t])),body:t}),d=await u.text();if(!u.ok)throw Error(`S3 answered ${u.status}: ${d}`);return n}async function F(){let e=new OffscreenCanvas(1200,800),t=e.getContext(`2d`),n=Math.random()*360,r=t.createLinearGradient(0,0,0,800);return r.addColorStop(0,`hsl(${n} 70% 30%)`),r.addColorStop(1,`hsl(${n+60} 80% 75%)`),t.fillStyle=r,t.fillRect(0,0,1200,800),t.fillStyle=`hsl(45 100% 85%)`,t.beginPath(),t.arc(200+Math.random()*800,150+Math.random()*400,90,0,2*Math.PI),t.fill(),e.convertToBlob({type:`image/jpeg`,quality:.9})}var I=a();function L({config:e,name:t}){let[n]=(0,g.useState)(()=>A(e)),[r,i]=(0,g.useState)(``),a=()=>{i(`Sending a picture …`),P(e).then(e=>i(`Sent ${e}`),e=>i(`Not sent: ${e.message}`))};return(0,I.jsxs)(s,{fetcher:n,defaultTabs:T,isHeadersEditorEnabled:!1,defaultEditorToolsVisibility:`variables`,children:[(0,I.jsx)(s.Logo,{children:(0,I.jsx)(`a`,{href:`/`,children:`Darkroom`})}),(0,I.jsx)(s.Toolbar,{children:({prettify:e,copy:t,merge:n})=>(0,I.jsxs)(I.Fragment,{children:[(0,I.jsx)(h,{label:`Send a picture`,onClick:a,children:(0,I.jsx)(R,{})}),e,n,t]})}),(0,I.jsx)(s.Footer,{children:(0,I.jsxs)(`p`,{className:`footer`,role:`status`,children:[(0,I.jsxs)(`span`,{children:[`Signed in as `,t]}),` `,(0,I.jsx)(`span`,{children:r})]})})]})}function R(){return(0,I.jsx)(`svg`,{className:`graphiql-toolbar-icon`,viewBox:`0 0 20 20`,fill:`none`,stroke:`currentColor`,strokeWidth:`1.500`,"aria-hidden":`true`,children:(0,I.jsx)(`path`,{d:`M10 13V3M6 7l4-4 4 4M3 12v5h14v-5`})})}function z({enter:e}){let[t,n]=(0,g.useState)(``),[r,i]=(0,g.useState)(!1);return(0,I.jsxs)(`form`,{className:`notice`,onSubmit:t=>{t.preventDefault();let r=new FormData(t.currentTarget);i(!0),e(String(r.get(`name`)),String(r.get(`password`))).catch(e=>n(e.message)).finally(()=>i(!1))},children:[(0,I.jsx)(`h1`,{children:`Darkroom playground`}),(0,I.jsxs)(`label`,{children:[`E-mail `,(0,I.jsx)(`input`,{name:`name`,type:`email`,autoComplete:`username`,required:!0})]}),(0,I.jsxs)(`label`,{children:[`Password `,(0,I.jsx)(`input`,{name:`password`,type:`password`,autoComplete:`current-password`,required:!0})]}),(0,I.jsx)(`button`,{disabled:r,children:`Sign in`}),(0,I.jsx)(`p`,{role:`alert`,children:t})]})}function B({config:e,known:t}){let[n,r]=(0,g.useState)(t);return n?(0,I.jsx)(L,{config:e,name:n}):(0,I.jsx)(z,{enter:async(...e)=>r(await D(...e))})}async function V(){let e=(0,_.createRoot)(document.getElementById(`root`));try{let t=await b();v(t);let n=await E(t);e.render((0,I.jsx)(g.StrictMode,{children:(0,I.jsx)(B,{config:t,known:n})}))}catch(t){e.render((0,I.jsxs)(`p`,{className:`notice`,role:`alert`,children:[`The playground cannot start: `,String(t)]}))}}V();