// A Lambda function that answers images(first:) of an HTTP API's event with @apollo/server, as people write it for Node:
// Darkroom's own tables, each rendition with a URL that AWS's presigner makes. What AWS's runtime for Node does around a
// handler is the loop at the end.
import { ApolloServer } from '@apollo/server';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const { AWS_ENDPOINT_URL, AWS_LAMBDA_RUNTIME_API, IMAGES_TABLE, RENDITION_BUCKET } = process.env;
const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: AWS_ENDPOINT_URL }));
const s3 = new S3Client({ endpoint: AWS_ENDPOINT_URL, forcePathStyle: true });
const life = 3600;

const typeDefs = `#graphql
  enum ImageStatus { PENDING PROCESSING READY FAILED }
  type Rendition {
    name: String! url: String! width: Int! height: Int! bytes: Int! contentType: String! expiresAt: String!
  }
  type Image {
    id: ID! version: Int! status: ImageStatus! filename: String! contentType: String! bytes: Int!
    createdAt: String! updatedAt: String! renditions: [Rendition!]!
  }
  type ImageEdge { node: Image! cursor: String! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ImageConnection { edges: [ImageEdge!]! pageInfo: PageInfo! }
  type Query { images(first: Int = 24, after: String): ImageConnection! }
`;

async function images(_, { first, after }, { owner }) {
  const { Items, LastEvaluatedKey } = await table.send(new QueryCommand({
    TableName: IMAGES_TABLE, Limit: first, ScanIndexForward: false, ConsistentRead: true,
    KeyConditionExpression: '#o = :o', FilterExpression: 'attribute_not_exists(deletedAt)',
    ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': owner },
    ExclusiveStartKey: after && { owner, id: Buffer.from(after, 'base64url').toString() },
  }));
  const edges = Items.map((node) => ({ node, cursor: Buffer.from(node.id).toString('base64url') }));
  return { edges, pageInfo: { hasNextPage: Boolean(LastEvaluatedKey), endCursor: edges.at(-1)?.cursor } };
}

async function renditions({ owner, id, renditions }) {
  return Promise.all((renditions ?? '').split(',').filter(Boolean).map(async (one) => {
    const [name, width, height, bytes, contentType, digest] = one.split(' ');
    const Key = `renditions/${owner}/${id}/${name}-${digest}.${contentType === 'image/png' ? 'png' : 'jpg'}`;
    return {
      name, width: Number(width), height: Number(height), bytes: Number(bytes), contentType,
      url: await getSignedUrl(s3, new GetObjectCommand({ Bucket: RENDITION_BUCKET, Key }), { expiresIn: life }),
      expiresAt: new Date(Date.now() + life * 1000).toISOString(),
    };
  }));
}

const server = new ApolloServer({ typeDefs, resolvers: { Query: { images }, Image: { renditions } } });
await server.start();

async function handler(event) {
  const { sub } = event.requestContext.authorizer.jwt.claims;
  const { body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: event.requestContext.http.method, search: event.rawQueryString ?? '', body: JSON.parse(event.body),
      headers: new Map(Object.entries(event.headers)),
    },
    context: async () => ({ owner: sub }),
  });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: body.string };
}

const invocation = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
for (;;) {
  const next = await fetch(`${invocation}/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  try {
    const body = JSON.stringify(await handler(await next.json()));
    await fetch(`${invocation}/${id}/response`, { method: 'POST', body });
  } catch (error) {
    await fetch(`${invocation}/${id}/error`, {
      method: 'POST', body: JSON.stringify({ errorType: error?.name, errorMessage: String(error?.stack) }),
    });
  }
}
