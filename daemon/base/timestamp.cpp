#include <cdtd/base/digest.hpp>
#include <cdtd/base/text.hpp>
#include <cdtd/base/timestamp.hpp>

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <charconv>
#include <ctime>
#include <memory>
#include <new>
#include <optional>

namespace cdtd::base {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Free<free>>;

using Query = Owned<TS_REQ, TS_REQ_free>;
using Reply = Owned<TS_RESP, TS_RESP_free>;
using Token = Owned<PKCS7, PKCS7_free>;
using Info = Owned<TS_TST_INFO, TS_TST_INFO_free>;
using Context = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Store = Owned<X509_STORE, X509_STORE_free>;

const unsigned char* bytes_of(std::string_view text) {
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

/// OpenSSL's words for the last thing that went wrong.
std::string reason() {
    const auto code = ERR_peek_last_error();
    const char* words = code == 0 ? nullptr : ERR_reason_error_string(code);
    std::string text = words == nullptr ? "no reason given" : words;
    ERR_clear_error();
    return text;
}

template <class T, auto decode>
T* decoded(std::string_view der) {
    const unsigned char* at = bytes_of(der);
    ERR_clear_error();
    T* object = decode(nullptr, &at, static_cast<long>(der.size()));
    return object;
}

template <auto encode, class T>
std::string encoded(const T* object) {
    unsigned char* out = nullptr;
    const int size = encode(object, &out);
    if (size < 0)
        throw std::bad_alloc();
    std::string der(out, out + size);
    OPENSSL_free(out);
    return der;
}

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
        bytes += static_cast<char>(value);
    }
    return bytes;
}

bool set_imprint(TS_REQ* query, std::string_view sha256) {
    const std::string hash = from_hex(sha256);
    const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
    const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
    if (!imprint || !algorithm || hash.size() != 32)
        return false;
    X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
    std::string copy = hash;
    return TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint.get(), static_cast<unsigned char*>(static_cast<void*>(copy.data())),
                                  static_cast<int>(copy.size())) == 1 &&
           TS_REQ_set_msg_imprint(query, imprint.get()) == 1;
}

bool set_nonce(TS_REQ* query) {
    const std::string random = random_bytes(8);
    std::uint64_t value = 0;
    for (const char c : random)
        value = (value << 8) | static_cast<unsigned char>(c);
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> nonce(ASN1_INTEGER_new());
    return nonce && ASN1_INTEGER_set_uint64(nonce.get(), value | 1) == 1 &&
           TS_REQ_set_nonce(query, nonce.get()) == 1;
}

std::optional<Time> time_of(const ASN1_GENERALIZEDTIME* written) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(written, &parts) != 1)
        return std::nullopt;
    return Time(std::chrono::seconds(timegm(&parts)));
}

std::string refusal_of(TS_RESP* reply) {
    TS_STATUS_INFO* status = TS_RESP_get_status_info(reply);
    std::string words = fmt::format("status {}", ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status)));
    const STACK_OF(ASN1_UTF8STRING)* texts = TS_STATUS_INFO_get0_text(status);
    for (int i = 0; texts != nullptr && i < sk_ASN1_UTF8STRING_num(texts); ++i) {
        const ASN1_UTF8STRING* text = sk_ASN1_UTF8STRING_value(texts, i);
        words.append(": ").append(ASN1_STRING_get0_data(text),
                                  ASN1_STRING_get0_data(text) + ASN1_STRING_length(text));
    }
    return fit(terminal_safe(words), 300);
}

std::string subject_of(X509* certificate) {
    const Owned<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                                   XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return terminal_safe(std::string_view(text, static_cast<std::size_t>(size)));
}

X509* signer_of(PKCS7* token) {
    STACK_OF(X509)* signers = PKCS7_get0_signers(token, nullptr, 0);
    X509* signer = signers != nullptr && sk_X509_num(signers) == 1 ? sk_X509_value(signers, 0) : nullptr;
    sk_X509_free(signers); // the list alone: the certificates are the token's
    return signer;
}

/// What the token may lead to; judged as of `at`, since certificates end and stamps are meant to outlive
/// them.
Result<Store> trusted(X509* signer, const std::string& ca_file, Time at) {
    Store store(X509_STORE_new());
    if (!store)
        throw std::bad_alloc();
    if (ca_file.empty()) {
        X509_STORE_add_cert(store.get(), signer);
        X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    } else if (X509_STORE_load_file(store.get(), ca_file.c_str()) != 1) {
        return fail(Errc::io, fmt::format("{} can't be read as PEM certificates: {}", ca_file, reason()));
    }
    X509_VERIFY_PARAM_set_time(
        X509_STORE_get0_param(store.get()),
        std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
    return store;
}

bool stamps(TS_TST_INFO* info, std::string_view sha256) {
    TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OCTET_STRING* hash = TS_MSG_IMPRINT_get_msg(imprint);
    const ASN1_OBJECT* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
    const std::string wanted = from_hex(sha256);
    return OBJ_obj2nid(algorithm) == NID_sha256 &&
           std::string(ASN1_STRING_get0_data(hash), ASN1_STRING_get0_data(hash) + ASN1_STRING_length(hash)) ==
               wanted;
}

} // namespace

Result<std::string> timestamp_query(std::string_view sha256) {
    const Query query(TS_REQ_new());
    if (!query || TS_REQ_set_version(query.get(), 1) != 1 || !set_imprint(query.get(), sha256) ||
        !set_nonce(query.get()) || TS_REQ_set_cert_req(query.get(), 1) != 1)
        return fail(Errc::bad_data, fmt::format("no time stamp can be asked for: {}", reason()));
    return encoded<i2d_TS_REQ>(query.get());
}

Result<std::string> timestamp_token(std::string_view reply, std::string_view query) {
    const Reply response(decoded<TS_RESP, d2i_TS_RESP>(reply));
    const Query asked(decoded<TS_REQ, d2i_TS_REQ>(query));
    if (!response || !asked)
        return fail(Errc::bad_data, "the answer is no RFC 3161 time stamp");
    const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
    if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
        return fail(Errc::refused,
                    fmt::format("the service gave no time stamp: {}", refusal_of(response.get())));
    const Context context(TS_REQ_to_TS_VERIFY_CTX(asked.get(), nullptr));
    if (!context)
        throw std::bad_alloc();
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE);
    PKCS7* token = TS_RESP_get_token(response.get());
    if (token == nullptr || TS_RESP_verify_response(context.get(), response.get()) != 1)
        return fail(Errc::bad_data, fmt::format("the time stamp is not for what was asked: {}", reason()));
    return encoded<i2d_PKCS7>(token);
}

Result<Stamp> check_timestamp(std::string_view token_der, std::string_view sha256,
                              const std::string& ca_file) {
    const Token token(decoded<PKCS7, d2i_PKCS7>(token_der));
    if (!token || PKCS7_type_is_signed(token.get()) == 0)
        return fail(Errc::bad_data, "the time stamp can't be read");
    const Info info(PKCS7_to_TS_TST_INFO(token.get()));
    const auto at = info ? time_of(TS_TST_INFO_get_time(info.get())) : std::nullopt;
    X509* signer = signer_of(token.get());
    if (!at || signer == nullptr)
        return fail(Errc::bad_data, "the time stamp has no time, or not its signer's certificate");
    if (!stamps(info.get(), sha256))
        return fail(Errc::bad_data, "the time stamp is over another hash");
    auto store = trusted(signer, ca_file, *at);
    if (!store)
        return std::unexpected(store.error());
    const Context context(TS_VERIFY_CTX_new());
    if (!context)
        throw std::bad_alloc();
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(context.get(), store->release()); // the context's from now on
    if (TS_RESP_verify_token(context.get(), token.get()) != 1)
        return fail(Errc::bad_data, fmt::format("the time stamp's signature does not hold: {}", reason()));
    return Stamp{*at, subject_of(signer), !ca_file.empty()};
}

} // namespace cdtd::base
