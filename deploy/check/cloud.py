"""Runs moto's server on a free port of loopback: AWS's control plane, imitated.

What moto's CloudFormation cannot make is stood in for by a name, so that all of the template goes through it, and is
listed on standard output. Its check of templates is left out: cfn-lint, which it uses, has been asked already.
"""

from moto.appsync.models import appsync_backends
from moto.cloudfront.models import cloudfront_backends
from moto.cloudformation import models, parsing
from moto.core.common_models import CloudFormationModel
from moto.server import main


class StandIn(CloudFormationModel):
    """A resource of which there is nothing but its name."""

    __module__ = "moto.standin"  # moto keeps its models by the second part

    def __init__(self, name):
        self.name = name

    @property
    def physical_resource_id(self):
        return self.name

    def get_cfn_attribute(self, attribute):
        return f"{self.name}.{attribute}"

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return "Darkroom::StandIn"

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(kwargs["LogicalId"])

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        pass


class Api(StandIn):
    """AppSync's API, of which osls's plugin asks after a deployment."""

    __module__ = "moto.standin"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        made = appsync_backends[account_id][region_name].create_graphql_api(
            cloudformation_json["Properties"]["Name"], None, "AMAZON_COGNITO_USER_POOLS", None, None, None, False, None, {}, None)
        return cls(made.arn)


class Distribution(StandIn):
    """CloudFront's, which is told of new files."""

    __module__ = "moto.standin"
    etag = location = ""

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        made = cls(kwargs["LogicalId"])
        made.advance = lambda: None  # as moto asks of it
        cloudfront_backends[account_id]["aws"].distributions[made.name] = made
        return made


stand_ins = {"AWS::AppSync::GraphQLApi": Api, "AWS::CloudFront::Distribution": Distribution}
supported = parsing.resource_class_from_type
told = set()


def or_stand_in(kind):
    made = kind in parsing.get_model_map() and supported(kind)
    if not made and kind not in told:
        told.add(kind)
        print("stood in for", kind, flush=True)
    return made or stand_ins.get(kind, StandIn)


parsing.resource_class_from_type = or_stand_in
# A resource whose condition does not hold is None among moto's, and trips it.
models.Stack.stack_resources = property(lambda self: [r for r in self.resource_map.values() if r is not None])
remove = parsing.ResourceMap.delete


def keep_and_remove(resources):
    """To moto, only Retain keeps a resource."""
    for resource in resources._resource_json_map.values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"
    remove(resources)


parsing.ResourceMap.delete = keep_and_remove
models.validate_template_cfn_lint = lambda template: []
main(["-H", "127.0.0.1", "-p", "0"])  # which port that is, it says
