using System.Reflection;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Google.Cloud.Functions.Framework;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Google.Cloud.Functions.Hosting;

/// <summary>The function class that a server serves.</summary>
internal sealed record FunctionTarget(System.Type FunctionType)
{
    /// <summary>Finds a function class by its full name; null means the only one of the assembly.</summary>
    public static FunctionTarget Find(Assembly assembly, string? name)
    {
        if (name is not null)
        {
            return new(assembly.GetType(name) ?? throw new InvalidOperationException(
                $"The function target is {name}; {assembly.GetName().Name} has no such class."));
        }

        var candidates = assembly.GetTypes().Where(IsFunction).OrderBy(type => type.FullName, StringComparer.Ordinal).ToList();
        return candidates switch
        {
            [var only] => new(only),
            [] => throw new ArgumentException($"{assembly.GetName().Name} has no function class.", nameof(assembly)),
            _ => throw new ArgumentException(
                $"{assembly.GetName().Name} has several function classes ({string.Join(", ", candidates.Select(type => type.FullName))}); "
                + $"name one with --target or {EntryPoint.FunctionTargetEnvironmentVariable}.",
                nameof(assembly)),
        };
    }

    /// <summary>Makes the function, adapted to <see cref="IHttpFunction"/>, a service of each request's scope.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this);
        if (FunctionType.IsAssignableTo(typeof(IHttpFunction)))
        {
            services.AddScoped(typeof(IHttpFunction), FunctionType);
        }
        else if (FunctionType.IsAssignableTo(typeof(ICloudEventFunction)))
        {
            services.TryAddSingleton<CloudEventFormatter>(new JsonEventFormatter());
            services.AddScoped<IHttpFunction, CloudEventAdapter>().AddScoped(typeof(ICloudEventFunction), FunctionType);
        }
        else if (DataType(FunctionType) is { } data)
        {
            if (CloudEventFormatterAttribute.CreateFormatter(data) is { } formatter)
            {
                services.TryAddSingleton(formatter);
            }

            services.AddScoped(typeof(IHttpFunction), typeof(CloudEventAdapter<>).MakeGenericType(data))
                .AddScoped(typeof(ICloudEventFunction<>).MakeGenericType(data), FunctionType);
        }
        else
        {
            throw new InvalidOperationException(
                $"The function target is {FunctionType.FullName}; it implements none of IHttpFunction, ICloudEventFunction, ICloudEventFunction<T>.");
        }
    }

    private static bool IsFunction(System.Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericType: false }
        && (type.IsAssignableTo(typeof(IHttpFunction)) || type.IsAssignableTo(typeof(ICloudEventFunction)) || DataType(type) is not null);

    private static System.Type? DataType(System.Type type) =>
        type.GetInterfaces().Where(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(ICloudEventFunction<>)).ToList()
            is [var only] ? only.GetGenericArguments()[0] : null;
}
