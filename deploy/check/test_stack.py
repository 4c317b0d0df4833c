"""The stack without an account: packaged offline, judged by cfn-lint, deployed to an imitated AWS, upgraded, removed."""

import functools
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import boto3

from workplace import REPOSITORY, Workplace

# What cfn-lint says that is not heeded, with the reason.
NOT_HEEDED = {
    "W3005": "osls writes DependsOn where GetAtt or Ref says it already (a function on its role, a route on its integration)",
}
EVERYTHING = ["--param", "email=ops@example.com", "--param", "domain=photos.example.com",
              "--param", "certificate=arn:aws:acm:us-east-1:123456789012:certificate/1"]
# What moto cannot make. Of these, the template alone is judged.
STOOD_IN = """AWS::ApiGatewayV2::Api AWS::ApiGatewayV2::Authorizer AWS::ApiGatewayV2::Integration AWS::ApiGatewayV2::Route
AWS::ApiGatewayV2::Stage AWS::AppSync::DataSource AWS::AppSync::GraphQLApi AWS::AppSync::GraphQLSchema AWS::AppSync::Resolver
AWS::Budgets::Budget AWS::CloudFront::Distribution AWS::CloudFront::Function AWS::CloudFront::KeyGroup
AWS::CloudFront::OriginAccessControl AWS::CloudFront::PublicKey AWS::CloudFront::ResponseHeadersPolicy AWS::CloudWatch::Alarm
AWS::Cognito::UserPool AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolGroup AWS::Logs::QueryDefinition AWS::S3::BucketPolicy
AWS::SNS::Subscription AWS::SQS::QueuePolicy""".split()


def setUpModule():
    global work, template, everything, resources
    work = Workplace()
    unittest.addModuleCleanup(work.close)
    everything = json.loads(judged(EVERYTHING))
    template = json.loads(judged([]))
    resources = template["Resources"]
    work.start_cloud()
    os.environ.update({k: v for k, v in work.environment.items() if k.startswith("AWS_")})
    work.run("deploy/up", "dev")


def judged(flags):
    """A packaged template that cfn-lint has nothing to say of, but what is not heeded."""
    path = work.package(*flags)
    lint = subprocess.run([Path(sys.executable).parent / "cfn-lint", "--format", "parseable", "--regions", "us-east-1",
                           "--ignore-checks", ",".join(NOT_HEEDED), "--template", path], capture_output=True, text=True, check=False)
    if lint.returncode or lint.stdout:
        raise AssertionError(f"cfn-lint, of {flags}:\n{lint.stdout}{lint.stderr}")
    return path.read_text()


@functools.cache  # a fifth of a second each
def client(service):
    return boto3.client(service)


def of_type(kind):
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}


def physical(logical):
    return client("cloudformation").describe_stack_resource(
        StackName="darkroom-dev", LogicalResourceId=logical)["StackResourceDetail"]["PhysicalResourceId"]


def outputs():
    stack = client("cloudformation").describe_stacks(StackName="darkroom-dev")["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}


class Template(unittest.TestCase):
    def test_every_function_has_a_role_of_its_own(self):
        roles = [json.dumps(f["Role"]) for f in of_type("AWS::Lambda::Function").values()]
        self.assertEqual(len(roles), len(set(roles)))
        self.assertEqual(len(roles), len(work.functions))

    def test_no_role_allows_everything(self):
        for name, role in of_type("AWS::IAM::Role").items():
            for policy in role.get("Policies", []):
                for s in policy["PolicyDocument"]["Statement"]:
                    for value in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]]):
                        self.assertNotIn("*", value, name)
                    self.assertNotEqual(s["Resource"], "*", name)

    def test_every_bucket_of_ours_is_private_encrypted_and_for_tls_alone(self):
        refuses = {json.dumps(p["Bucket"]): p["PolicyDocument"]["Statement"][0] for p in of_type("AWS::S3::BucketPolicy").values()}
        for name, bucket in of_type("AWS::S3::Bucket").items():
            self.assertTrue(all(bucket["PublicAccessBlockConfiguration"].values()), name)
            self.assertIn("BucketEncryption", bucket, name)
            s = refuses[json.dumps({"Ref": name})]
            self.assertEqual((s["Effect"], s["Action"], s["Principal"]), ("Deny", "s3:*", "*"), name)
            self.assertEqual(str(s["Condition"]["Bool"]["aws:SecureTransport"]).lower(), "false", name)

    def test_every_function_is_watched(self):
        metrics = of_type("AWS::CloudWatch::Alarm")["FunctionsFail"]["Metrics"]
        watched = {m["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for m in metrics if "MetricStat" in m}
        self.assertEqual(watched, set(of_type("AWS::Lambda::Function")))

    def test_the_reckoning_of_the_cost_counts_the_alarms_that_there_are(self):
        usage = json.loads((REPOSITORY / "bench" / "cost" / "usage.json").read_text())
        metrics = [sum("MetricStat" in m for m in a["Metrics"]) if "Metrics" in a else 1 for a in of_type("AWS::CloudWatch::Alarm").values()]
        self.assertEqual(usage["month"]["alarm_metrics"], sum(metrics))

    def test_every_alarm_tells_somebody_and_says_what_it_means(self):
        for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
            self.assertEqual(alarm["AlarmActions"], [{"Ref": "Alarms"}], name)
            self.assertGreater(len(alarm["AlarmDescription"]), 40, name)

    def test_what_is_written_beside_the_template_is_in_it(self):
        for file in ("users", "buckets", "tables", "roles", "distribution", "alarms"):
            written = re.findall(r"^(\w+):", (REPOSITORY / "deploy" / f"{file}.yml").read_text(), re.M)
            self.assertGreater(len(written), 3)
            self.assertEqual([w for w in written if w not in resources], [])

    def test_the_dashboard_is_json_and_shows_every_alarm(self):
        body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        shown = json.loads(body)["widgets"][0]["properties"]["alarms"]
        self.assertEqual(set(shown), {"${%s.Arn}" % name for name in of_type("AWS::CloudWatch::Alarm")})

    def test_the_dashboard_shows_every_metric_that_a_function_writes(self):
        written = set()
        for file in (REPOSITORY / "functions").rglob("*.go"):
            if not file.name.endswith("_test.go"):
                written.update(re.findall(r'"([A-Z]\w*)"', "\n".join(
                    line for line in file.read_text().splitlines() if "cloudwatch.Count(" in line or 'econds"' in line)))
        shown = shown_metrics()
        self.assertEqual({name for namespace, name, *_ in shown if namespace == "Darkroom"}, written)
        searched = 3 * len(of_type("AWS::Lambda::Function"))  # invocations, errors and durations of each
        self.assertLessEqual(len(shown) + searched, 50, "a dashboard with more metrics is paid for")

    def test_pages_may_run_the_scripts_that_were_deployed_alone(self):
        headers = resources["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        policy = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
        rules = {words[0]: words[1:] for words in map(str.split, policy.split(";")) if words}
        self.assertEqual(rules["script-src"], ["'self'"])
        self.assertEqual(rules["default-src"], ["'none'"])
        self.assertNotIn("unsafe", policy)
        local = (REPOSITORY / "cmd" / "darkroom" / "site.go").read_text()  # what pages may do on a laptop
        for rule in ("script-src", "style-src", "worker-src"):
            self.assertIn(rule, local)
            self.assertEqual([source for source in rules[rule] if source not in local], [], rule)

    def test_renditions_are_open_to_signatures_alone(self):
        behaviors = resources["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
        condition, with_key, without = behaviors[0]["Fn::If"]
        self.assertEqual((condition, without), ("CDN", {"Ref": "AWS::NoValue"}))
        self.assertEqual((with_key["PathPattern"], with_key["TrustedKeyGroups"]), ("/renditions/*", [{"Ref": "SigningKeys"}]))
        self.assertEqual(resources["SigningKeyPolicy"]["Condition"], "CDN")

    def test_a_path_of_the_web_client_is_answered_by_its_page(self):
        code = resources["Pages"]["Properties"]["FunctionCode"]
        pages = {"/": "/index.html", "/image/1": "/index.html", "/config.json": "/config.json", "/playgrounds": "/index.html",
                 "/assets/main-1.js": "/assets/main-1.js", "/playground": "/playground/index.html", "/a.b/c": "/index.html",
                 "/playground/": "/playground/index.html", "/playground/x.js": "/playground/x.js"}
        asked = f"{json.dumps(list(pages))}.map((uri) => handler({{request: {{uri}}}}).uri)"
        self.assertEqual(json.loads(work.run("node", "-e", f"{code}\nconsole.log(JSON.stringify({asked}))")), list(pages.values()))

    def test_removing_names_all_that_is_kept(self):
        kept = {name for name, r in resources.items() if r.get("DeletionPolicy") == "RetainExceptOnCreate"}
        named = set(re.findall(r"\$\{(\w+)\}", template["Outputs"]["Kept"]["Value"]["Fn::Sub"]))
        self.assertEqual(named, kept)

    def test_nobody_is_mailed_who_did_not_ask(self):
        for name in ("Budget", "AlarmMail"):
            self.assertEqual(resources[name]["Condition"], "Told")
        self.assertEqual({k: p["Default"] for k, p in everything["Parameters"].items() if k in ("Email", "PublicKey")}, {"Email": "", "PublicKey": ""})


def shown_metrics():
    """The metrics of the dashboard by namespace, name and dimensions, with what is written as dots put in."""
    shown = set()
    for widget in json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]:
        before = []
        for metric in widget["properties"].get("metrics", []):
            fields = [f for f in metric if isinstance(f, str)]
            if fields[:1] == ["..."]:
                fields = before[:len(before) + 1 - len(fields)] + fields[1:]
            if fields:
                before = [before[n] if f == "." else f for n, f in enumerate(fields)]
                shown.add(tuple(before))
    return shown


class Deployed(unittest.TestCase):
    def test_moto_made_all_that_it_can(self):
        print("\nmoto cannot make these; names stood in for them:", *work.stood_in(), sep="\n  ")
        self.assertEqual([k for k in work.stood_in() if k not in STOOD_IN], [])

    def test_functions(self):
        for name in work.functions:
            f = client("lambda").get_function_configuration(FunctionName=f"darkroom-dev-{name}")
            self.assertEqual((f["Runtime"], f["Handler"]), ("provided.al2023", "bootstrap"), name)
            self.assertEqual(resources[f"{name.title()}LambdaFunction"]["Properties"]["Architectures"], ["arm64"], name)  # moto drops it
            for variable, value in f.get("Environment", {}).get("Variables", {}).items():
                self.assertTrue(value, f"{name}: {variable}")
            self.assertTrue(client("iam").list_role_policies(RoleName=f["Role"].rsplit("/", 1)[1])["PolicyNames"], name)

    def test_event_sources(self):
        sources = {m["FunctionArn"].rsplit("-", 1)[1]: m for m in client("lambda").list_event_source_mappings()["EventSourceMappings"]}
        self.assertEqual(set(sources), {"process", "heif", "publish"})
        for name in ("process", "heif"):
            self.assertEqual((sources[name]["BatchSize"], sources[name]["FunctionResponseTypes"]), (1, ["ReportBatchItemFailures"]))
            self.assertEqual(resources[f"{name.title()}EventSourceMappingSQS{name.title()}Queue"]["Properties"]["ScalingConfig"],
                             {"MaximumConcurrency": 5})
        publish = next(p for p in of_type("AWS::Lambda::EventSourceMapping").values() if "StartingPosition" in p)
        self.assertEqual((publish["BisectBatchOnFunctionError"], publish["FunctionResponseTypes"]), (True, ["ReportBatchItemFailures"]))
        self.assertEqual(publish["MaximumRecordAgeInSeconds"], 86400)
        self.assertEqual(publish["DestinationConfig"]["OnFailure"]["Destination"], {"Fn::GetAtt": ["PublishDeadQueue", "Arn"]})
        self.assertEqual([json.loads(f["Pattern"]) for f in publish["FilterCriteria"]["Filters"]], [{"eventName": ["INSERT", "MODIFY"]}])

    def test_tables(self):
        dynamodb = client("dynamodb")
        for name in of_type("AWS::DynamoDB::Table"):
            table = dynamodb.describe_table(TableName=physical(name))["Table"]
            self.assertEqual(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST", name)
            written = resources[name]["Properties"]  # moto drops the rest
            self.assertEqual(written["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True}, name)
            if name != "UsersTable":
                self.assertEqual(written["TimeToLiveSpecification"], {"AttributeName": "expires", "Enabled": True}, name)
        images = dynamodb.describe_table(TableName=physical("ImagesTable"))["Table"]
        self.assertEqual(images["StreamSpecification"], {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
        self.assertEqual({i["IndexName"] for i in images["GlobalSecondaryIndexes"]}, {"taken", "open", "trash"})

    def test_upload_bucket(self):
        client("s3").head_bucket(Bucket=physical("UploadBucket"))
        rules = {r["Id"]: r for r in resources["UploadBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]}  # moto drops them
        self.assertEqual(rules["PartsThatNobodyRecorded"]["AbortIncompleteMultipartUpload"], {"DaysAfterInitiation": 2})
        self.assertEqual(rules["OriginalsThatNobodyLooksAt"]["Transitions"], [{"TransitionInDays": 90, "StorageClass": "GLACIER_IR"}])
        told = resources["UploadBucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
        self.assertEqual([(t["Queue"], t["Event"]) for t in told], [({"Fn::GetAtt": ["ProcessQueue", "Arn"]}, "s3:ObjectCreated:*")])
        cors = resources["UploadBucket"]["Properties"]["CorsConfiguration"]["CorsRules"][0]
        self.assertEqual(set(cors["AllowedMethods"]), {"PUT", "GET"})
        self.assertTrue({"content-type", "if-none-match", "x-amz-checksum-sha256"} <= set(cors["AllowedHeaders"]))

    def test_queues(self):
        read = lambda name: client("sqs").get_queue_attributes(QueueUrl=physical(name), AttributeNames=["All"])["Attributes"]
        for name in ("ProcessQueue", "HeifQueue"):
            redrive = json.loads(read(name)["RedrivePolicy"])
            self.assertEqual((int(redrive["maxReceiveCount"]), redrive["deadLetterTargetArn"]), (4, read("ProcessDeadQueue")["QueueArn"]))
        for name in ("ProcessDeadQueue", "PublishDeadQueue"):
            self.assertEqual(read(name)["MessageRetentionPeriod"], "1209600", name)

    def test_logs_are_kept_for_a_month(self):
        groups = client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/darkroom-dev-")["logGroups"]
        self.assertEqual({g["retentionInDays"] for g in groups}, {30})
        self.assertEqual(len(groups), len(work.functions))

    def test_the_sweeper_runs_each_minute(self):
        rules = client("events").list_rules()["Rules"]
        self.assertEqual([(r["ScheduleExpression"], r["State"]) for r in rules], [("rate(1 minute)", "ENABLED")])

    def test_the_web_clients_files_are_there_with_its_configuration(self):
        s3, bucket = client("s3"), outputs()["WebBucket"]
        caching = {o["Key"]: s3.head_object(Bucket=bucket, Key=o["Key"])["CacheControl"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]}
        self.assertEqual(caching, {"index.html": "no-cache", "config.json": "no-cache",
                                   "assets/main-1.js": "public, max-age=31536000, immutable"})
        served = json.load(s3.get_object(Bucket=bucket, Key="config.json")["Body"])
        self.assertEqual((set(served), set(served["cognito"])), ({"graphql", "realtime", "cognito"}, {"endpoint", "region", "userPoolId", "clientId"}))


class Later(unittest.TestCase):
    """What happens to a stack in its life, in this order: a key for its renditions, an upgrade, its end."""

    def test_its_life(self):
        self.assertIn("commit it", work.run("deploy/key", "dev"))
        self.assertRaisesRegex(AssertionError, "there already", work.run, "deploy/key", "dev")
        private = client("ssm").get_parameter(Name="/darkroom/dev/rendition-key", WithDecryption=True)["Parameter"]
        self.assertEqual(private["Type"], "SecureString")
        public = work.run("openssl", "pkey", "-pubout", stdin=private["Value"])
        self.assertEqual(public, (work.folder / "deploy" / "keys" / "dev.pub.pem").read_text())

        client("ssm").put_parameter(Name=private["Name"], Value="lost", Type="SecureString", Overwrite=True)
        self.assertRaisesRegex(AssertionError, "does not belong to the private key", work.run, "deploy/up", "dev")
        client("ssm").put_parameter(Name=private["Name"], Value=private["Value"], Type="SecureString", Overwrite=True)

        (work.folder / "web" / "dist" / "assets" / "main-1.js").rename(work.folder / "web" / "dist" / "assets" / "main-2.js")
        kept = outputs()["Kept"]
        work.run("deploy/up", "dev", *EVERYTHING)
        self.assertEqual(outputs()["Kept"], kept, "an upgrade replaced what holds data")
        self.assertEqual(outputs()["Site"], "https://photos.example.com")
        for name in ("graphql", "field"):
            variables = client("lambda").get_function_configuration(FunctionName=f"darkroom-dev-{name}")["Environment"]["Variables"]
            got = {k: v for k, v in variables.items() if k.startswith("RENDITION_") and k != "RENDITION_BUCKET"}
            self.assertEqual(got, {"RENDITION_URL": "https://photos.example.com", "RENDITION_KEY_ID": "SigningKey",
                                   "RENDITION_KEY_PARAMETER": "/darkroom/dev/rendition-key"})
        files = [o["Key"] for o in client("s3").list_objects_v2(Bucket=outputs()["WebBucket"])["Contents"]]
        self.assertEqual(files, ["assets/main-2.js", "config.json", "index.html"])

        self.assertRaisesRegex(AssertionError, "nothing was done", work.run, "deploy/remove", "dev", stdin="prod\n")
        uploads = physical("UploadBucket")
        client("s3").put_object(Bucket=uploads, Key="originals/ann/1", Body=b"1")
        self.assertIn("what is above was kept", work.run("deploy/remove", "dev", stdin="dev\n"))
        self.assertEqual(client("lambda").list_functions()["Functions"], [])
        left = [b["Name"] for b in client("s3").list_buckets()["Buckets"]]
        self.assertEqual(sorted(left), sorted(n for k, n in map(str.split, kept.splitlines()) if k == "bucket"))
        self.assertEqual(len(client("dynamodb").list_tables()["TableNames"]), kept.count("table "))
