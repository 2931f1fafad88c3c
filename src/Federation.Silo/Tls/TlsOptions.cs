using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Tls;

/// <summary>Certificates, in the configuration section <c>Federation:Tls</c>. All three files, or none: then nothing is encrypted.</summary>
public sealed class TlsOptions : IValidatableObject
{
    /// <summary>The authority's certificate (PEM): only certificates that it signed are taken.</summary>
    public string Authority { get; set; } = "";

    /// <summary>This silo's certificate (PEM), of the role silo.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Its key (PEM).</summary>
    public string Key { get; set; } = "";

    /// <summary>Whether the API asks its clients for a certificate too. Default true.</summary>
    public bool ClientCertificates { get; set; } = true;

    /// <summary>Whether connections are encrypted.</summary>
    public bool IsOn => Files.Any(file => file.Length > 0);

    private string[] Files => [Authority, Certificate, Key];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsOn && Files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            yield return new(missing.Length == 0
                ? "Federation:Tls wants Authority, Certificate and Key, or none of them"
                : $"Federation:Tls: there is no file {missing}");
        }
    }
}

/// <summary>Checks the options.</summary>
[OptionsValidator]
public sealed partial class TlsOptionsValidator : IValidateOptions<TlsOptions>;
