"""A verifier built on the vendor's own signer: it signs the same request again and compares."""

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer


def vendor_signature(method, host, path, query, headers, body, *, access_key, secret_key):
    """The Authorization header that the vendor's SDK makes for this request."""
    request = SdkRequest(
        method=method,
        schema="https",
        host=host,
        resource_path=path,
        query_params=list(query),
        header_params=dict(headers),
        body=body,
    )
    signed = Signer(BasicCredentials(access_key, secret_key)).sign(request)
    return signed.header_params["Authorization"]


def vendor_uri(path, query):
    """Path and query as the vendor's SDK puts them on the wire."""
    request = SdkRequest(resource_path=path, query_params=list(query))
    Signer.process_request_uri(request)
    return request.uri
