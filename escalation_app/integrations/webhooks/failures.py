"""Why no answer came, in a sentence that a support engineer can act on."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx


class Undeliverable(Exception):
    """Nothing can be sent there. `str(error)` is the sentence, without the URL's path or query."""


def sentence_about(error: Exception, host: str) -> str:
    """The most telling of the causes behind what httpx raised."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLWantReadError() | ssl.SSLWantWriteError():
                continue  # That is how TLS says "wait", before whatever came then.
            case ssl.SSLCertVerificationError():
                return _about_certificate(cause, host)
            case ssl.SSLEOFError():
                break
            case ssl.SSLError():
                return _about_tls(cause)
            case ConnectionRefusedError():
                return "The receiver refused the connection: nothing listens at its port."
            case OSError() if cause.errno in _UNREACHABLE:
                return "The receiver's address can't be reached from here."
    return _about_exchange(error)


def is_of_tls(error: Exception) -> bool:
    """Whether there was a line, and only the two sides could not agree on how to secure it."""
    waits = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
    return any(
        isinstance(cause, ssl.SSLError) and not isinstance(cause, waits) for cause in _causes(error)
    )


def about_lookup(error: OSError | UnicodeError, name: str) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return f"The name {name} could not be looked up: no name server answered."
    return f"The name {name} leads nowhere: no address is known for it."


_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EACCES}

# OpenSSL's numbers for what is wrong with a certificate.
_CERTIFICATE = {
    9: "The receiver's certificate is not valid yet.",
    10: "The receiver's certificate has expired.",
    18: "The receiver signed its certificate itself, so nobody vouches for it.",
    62: "The receiver's certificate is for another name than {host}.",
    64: "The receiver's certificate does not name the address {host}.",
}
_UNKNOWN_AUTHORITY = (
    "The receiver's certificate comes from an authority that the desk does not know."
    " An operator can add it with ESCALATION_WEBHOOK_CA_FILE."
)
_TLS = {
    "WRONG_VERSION_NUMBER": "The receiver does not speak TLS at this port.",
    "UNSUPPORTED_PROTOCOL": "The receiver offers only TLS older than 1.2.",
    "TLSV1_ALERT_PROTOCOL_VERSION": "The receiver offers only TLS older than 1.2.",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "The receiver asks for a certificate of ours; there is none.",
    "TLSV1_UNRECOGNIZED_NAME": "The receiver's server does not know its own name.",
}


def _about_certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    if error.verify_code in (19, 20, 21):
        return _UNKNOWN_AUTHORITY
    known = _CERTIFICATE.get(error.verify_code, "")
    return known.format(host=host) or (
        f"The receiver's certificate is not accepted: {error.verify_message}."
    )


def _about_tls(error: ssl.SSLError) -> str:
    return _TLS.get(error.reason or "", "No secure connection with the receiver came about.")


def _about_exchange(error: Exception) -> str:
    match error:
        case httpx.ConnectTimeout():
            return "The receiver did not take the connection in time."
        case httpx.ConnectError():
            return "The receiver closed the connection before it was secure."
        case httpx.RemoteProtocolError() if "too long" in str(error):
            return "The receiver's answer has headers that are too large."
        case httpx.RemoteProtocolError() if "without sending a response" in str(error):
            return "The receiver closed the connection without an answer."
        case httpx.RemoteProtocolError():
            return "The receiver's answer is not HTTP."
        case httpx.ReadError() | httpx.WriteError():
            return "The receiver broke off the connection without an answer."
    return "The request could not be sent."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
